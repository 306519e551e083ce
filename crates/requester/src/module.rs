//! What a module must be before money is locked for it: a valid wasm32-wasip1 command, as every node
//! checks again when it compiles it.

use mira_wire::spec::MAX_MODULE_BYTES;
use wasmparser::{Export, ExternalKind, Parser, Payload, Validator, WasmFeatures, types::Types};

use crate::Error;

/// The only imports that a node links.
const WASI: &str = "wasi_snapshot_preview1";

/// Checks a module from its first to its last byte.
///
/// # Errors
/// `bad-module`, with what is wrong and what to give instead.
pub(crate) fn check(module: &[u8]) -> Result<(), Error> {
    if module.len() > MAX_MODULE_BYTES {
        return Err(bad(format!("it has {} bytes and nodes take at most {MAX_MODULE_BYTES}", module.len())));
    }
    // What nodes leave out: its result or its limits would differ between machines.
    let absent = WasmFeatures::RELAXED_SIMD | WasmFeatures::MEMORY64 | WasmFeatures::MULTI_MEMORY;
    let absent = absent | WasmFeatures::COMPONENT_MODEL;
    let mut validator = Validator::new_with_features(WasmFeatures::default().difference(absent));
    let types = validator.validate_all(module).map_err(bad)?;
    let (mut start, mut memory) = (false, false);
    for payload in Parser::new(0).parse_all(module) {
        match payload.map_err(bad)? {
            Payload::ImportSection(imports) => {
                for import in imports.into_imports() {
                    let import = import.map_err(bad)?;
                    if import.module != WASI {
                        let name = format!("{}.{}", import.module, import.name);
                        return Err(bad(format!("it imports {name}, and nodes link nothing but {WASI}")));
                    }
                }
            }
            Payload::ExportSection(exports) => {
                for export in exports {
                    let export = export.map_err(bad)?;
                    start |= is_start(&export, &types);
                    memory |= export.name == "memory" && export.kind == ExternalKind::Memory;
                }
            }
            _ => {}
        }
    }
    match (start, memory) {
        (false, _) => Err(bad("it exports no function `_start` without parameters and results")),
        (_, false) => Err(bad("it exports no `memory`")),
        (true, true) => Ok(()),
    }
}

fn is_start(export: &Export<'_>, types: &Types) -> bool {
    if export.name != "_start" || export.kind != ExternalKind::Func {
        return false;
    }
    let signature = types[types.as_ref().core_function_at(export.index)].unwrap_func();
    signature.params().is_empty() && signature.results().is_empty()
}

fn bad(reason: impl std::fmt::Display) -> Error {
    Error::invalid("bad-module", format!("the module cannot run: {reason}; give a wasm32-wasip1 command"))
}

#[cfg(test)]
mod tests {
    use super::*;

    const COMMAND: &[u8] = include_bytes!("../../../modules/token-index/artifacts/token_index.wasm");

    fn refused(module: &[u8], reason: &str) {
        let error = check(module).expect_err("it is refused");
        assert_eq!(error.kind(), "bad-module");
        assert!(error.to_string().contains(reason), "{error}");
    }

    /// `(module (func) (memory 0))` with these imports and exports, in the binary format.
    fn tiny(imports: &[u8], exports: &[u8]) -> Vec<u8> {
        let functions: &[u8] = b"\x03\x02\x01\x00\x05\x03\x01\x00\x00";
        let code: &[u8] = b"\x0a\x04\x01\x02\x00\x0b";
        [b"\0asm\x01\0\0\0\x01\x04\x01\x60\x00\x00", imports, functions, exports, code].concat()
    }

    #[test]
    fn a_command_passes() {
        check(COMMAND).expect("it is a command");
        check(&tiny(b"", b"\x07\x13\x02\x06_start\x00\x00\x06memory\x02\x00")).expect("it is a command");
    }

    #[test]
    fn each_fault_is_named() {
        refused(b"\x7fELF", "magic header");
        refused(&COMMAND[..COMMAND.len() - 1], "unexpected end");
        refused(b"\0asm\x01\0\0\0", "no function `_start`");
        refused(&tiny(b"", b"\x07\x0a\x01\x06memory\x02\x00"), "no function `_start`");
        refused(&tiny(b"", b"\x07\x0a\x01\x06_start\x02\x00"), "no function `_start`");
        refused(&tiny(b"", b"\x07\x0a\x01\x06_start\x00\x00"), "no `memory`");
        refused(&tiny(b"\x02\x09\x01\x03env\x01f\x00\x00", b""), "it imports env.f");
        refused(&vec![0; MAX_MODULE_BYTES + 1], "nodes take at most");
    }
}
