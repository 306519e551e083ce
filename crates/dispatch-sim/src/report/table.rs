//! Tables in Markdown, which a person reads on a terminal too.

/// Rows under a head.
#[derive(Clone, Debug, Default)]
pub struct Table {
    head: Vec<String>,
    rows: Vec<Vec<String>>,
}

impl Table {
    /// Without rows.
    pub fn new(head: &[&str]) -> Self {
        Table { head: head.iter().map(|cell| (*cell).to_owned()).collect(), rows: Vec::new() }
    }

    /// Adds a row.
    pub fn row(&mut self, cells: Vec<String>) {
        self.rows.push(cells);
    }

    /// As text, with a line's end.
    pub fn markdown(&self) -> String {
        let line = |cells: &[String]| format!("| {} |\n", cells.join(" | "));
        let rule = vec!["---".to_owned(); self.head.len()];
        let rows: String = self.rows.iter().map(|row| line(row)).collect();
        line(&self.head) + &line(&rule) + &rows
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn markdown_is_what_it_should_be() {
        let mut table = Table::new(&["policy", "p99"]);
        table.row(vec!["random".to_owned(), "3.1".to_owned()]);
        assert_eq!(table.markdown(), "| policy | p99 |\n| --- | --- |\n| random | 3.1 |\n");
    }
}
