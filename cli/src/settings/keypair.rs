//! Keypair files in the Solana CLI's form: a JSON array of 64 bytes.

use std::{fs, path::Path};

use solana_sdk::signature::Keypair;

use crate::error::Error;

/// Reads a keypair.
pub fn load(path: &Path) -> Result<Keypair, Error> {
    let text = fs::read_to_string(path).map_err(|source| Error::Read {
        path: path.to_path_buf(),
        help: "give a keypair with --keypair FILE, or make one with `solana-keygen new`".to_owned(),
        source,
    })?;
    // The reason never quotes the file: it may hold a secret.
    let malformed = || Error::Malformed {
        path: path.to_path_buf(),
        reason: "it is no keypair".to_owned(),
        help: "a keypair file is a JSON array of 64 bytes, as `solana-keygen new` writes it".to_owned(),
    };
    let bytes: Vec<u8> = serde_json::from_str(&text).map_err(|_| malformed())?;
    Keypair::try_from(bytes.as_slice()).map_err(|_| malformed())
}

/// Writes a keypair that only its owner can read.
pub fn save(path: &Path, keypair: &Keypair) -> Result<(), Error> {
    let failed = |source| Error::Write { path: path.to_path_buf(), source };
    let text = serde_json::to_string(&keypair.to_bytes().to_vec()).map_err(|source| failed(source.into()))?;
    fs::write(path, text).map_err(failed)?;
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        fs::set_permissions(path, fs::Permissions::from_mode(0o600)).map_err(failed)?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use solana_sdk::signer::Signer;

    use super::*;

    #[test]
    fn a_saved_keypair_loads() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let path = folder.path().join("id.json");
        let keypair = Keypair::new_from_array([7; 32]);
        save(&path, &keypair).expect("it saves");
        assert_eq!(load(&path).expect("it loads").pubkey(), keypair.pubkey());
    }

    #[test]
    fn an_error_never_shows_the_file() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let path = folder.path().join("id.json");
        fs::write(&path, "[222, 173, 190, 239]").expect("it writes");
        let error = load(&path).expect_err("four bytes are no keypair");
        assert!(!format!("{error:?}").contains("222"), "{error:?}");
    }
}
