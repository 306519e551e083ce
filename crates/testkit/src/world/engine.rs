//! What runs the program.

use super::World;
use crate::native;

/// What runs the program.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Engine {
    /// The runtime's virtual machine, from the ELF: as on a chain.
    Elf,
    /// The host, for which the program is compiled too: see [`native`].
    Native,
}

impl World {
    /// As [`World::bare`], run by `engine`.
    pub fn bare_with(engine: Engine) -> Self {
        let mut world = Self::bare();
        if engine == Engine::Native {
            native::install(&mut world.svm);
        }
        world
    }
}
