//! A disk of some megabytes that a test fills and gives room again. Mounting it needs root.

use std::fs;
use std::io::{ErrorKind, Write as _};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::OnceLock;
use tempfile::TempDir;

/// A small file system in memory.
pub struct SmallDisk {
    folder: TempDir,
}

/// Whether this process may mount one.
pub fn can_mount() -> bool {
    static CAN: OnceLock<bool> = OnceLock::new();
    *CAN.get_or_init(|| SmallDisk::try_mount(1).is_some())
}

impl SmallDisk {
    /// A disk of so many megabytes.
    pub fn mount(megabytes: u32) -> Self {
        Self::try_mount(megabytes).expect("a file system can be mounted")
    }

    fn try_mount(megabytes: u32) -> Option<Self> {
        let folder = tempfile::tempdir().ok()?;
        let size = format!("size={megabytes}m,mode=0777");
        let mount = Command::new("mount").args(["-t", "tmpfs", "-o", &size, "none"]).arg(folder.path()).output();
        // Dropping a folder that is not mounted takes it away all the same.
        mount.ok()?.status.success().then(|| Self { folder })
    }

    /// Where it is.
    pub fn path(&self) -> &Path {
        self.folder.path()
    }

    /// Leaves no byte free.
    pub fn fill(&self) {
        let mut file = fs::File::create(self.ballast()).unwrap();
        for size in [1 << 16, 1 << 10, 1] {
            loop {
                match file.write_all(&vec![1; size]) {
                    Ok(()) => {}
                    Err(error) if error.kind() == ErrorKind::StorageFull => break,
                    Err(error) => panic!("{error}"),
                }
            }
        }
    }

    /// Gives the room back.
    pub fn free(&self) {
        fs::remove_file(self.ballast()).unwrap();
    }

    fn ballast(&self) -> PathBuf {
        self.folder.path().join("ballast")
    }
}

impl Drop for SmallDisk {
    fn drop(&mut self) {
        // Lazily: a child may still hold a file. What cannot be unmounted is in memory only.
        let _ = Command::new("umount").arg("-l").arg(self.folder.path()).output();
    }
}
