//! Names of files, without where they lie: that says nothing to others.

use std::path::Path;

/// With its ending.
pub fn name(path: &Path) -> String {
    path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default()
}

/// Without.
pub fn stem(path: &Path) -> String {
    path.file_stem().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_folder_is_not_part_of_a_name() {
        let path = Path::new("/a/b/pods.2026.csv");
        assert_eq!((name(path), stem(path)), ("pods.2026.csv".to_owned(), "pods.2026".to_owned()));
    }
}
