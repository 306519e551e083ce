//! A GPU cluster and its tasks as Alibaba published them (openb; Apache-2.0; Weng et al., ATC 2023): a CSV file of
//! nodes, one of tasks, and the GPU allocation that published policies reach on them.

pub mod synthetic;

use std::path::Path;

use anyhow::{Context, ensure};
use mira_core::label::Label;
use mira_dispatch::service::{Machine, Model, Needs};

/// The nodes with GPUs, below the folder of the traces. The published runs use these, and no node without a GPU.
pub const NODES: &str = "openb/openb_node_list_gpu_node.csv";
/// The published results, below the folder of the traces.
pub const PUBLISHED: &str = "openb/fgd_published_allocation.csv";

const NODE_HEADER: &str = "sn,cpu_milli,memory_mib,gpu,model";
const TASK_HEADER: &str = "name,cpu_milli,memory_mib,num_gpu,gpu_milli";

/// Nodes and the tasks that ask for them, both in the order of their files.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Trace {
    /// The nodes.
    pub machines: Vec<Machine>,
    /// The tasks.
    pub tasks: Vec<Needs>,
}

/// Reads the nodes with GPUs and one list of tasks (`default`, `multigpu50`) from the folder of the traces.
///
/// # Errors
/// A file cannot be read, or a line is not as published: named with its number.
pub fn from_folder(folder: &Path, workload: &str) -> anyhow::Result<Trace> {
    read(&folder.join(NODES), &folder.join(format!("openb/openb_pod_list_{workload}.csv")))
}

/// Reads a file of nodes and one of tasks.
///
/// # Errors
/// See [`from_folder`].
pub fn read(nodes: &Path, tasks: &Path) -> anyhow::Result<Trace> {
    let machines = rows(&super::text(nodes)?, NODE_HEADER, machine).with_context(|| nodes.display().to_string())?;
    let tasks = rows(&super::text(tasks)?, TASK_HEADER, needs).with_context(|| tasks.display().to_string())?;
    Ok(Trace { machines, tasks })
}

/// The published GPU allocation of one policy (`06-FGD`) at `load` percent, in percent, one for each seed.
///
/// # Errors
/// The file cannot be read or has no such run.
pub fn published(path: &Path, workload: &str, policy: &str, load: u32) -> anyhow::Result<Vec<f64>> {
    let text = super::text(path)?;
    let header: Vec<&str> = text.lines().next().unwrap_or_default().split(',').collect();
    let column = header.iter().position(|name| *name == load.to_string()).context("no column for this load")?;
    let workload = format!("openb_pod_list_{workload}");
    let lines = text.lines().skip(1).map(|line| line.split(',').collect::<Vec<_>>());
    let runs = lines.filter(|fields| fields.first() == Some(&workload.as_str()) && fields.get(1) == Some(&policy));
    let values: Vec<f64> = runs
        .map(|fields| fields.get(column).and_then(|value| value.parse().ok()).context("a run without a value"))
        .collect::<anyhow::Result<_>>()?;
    ensure!(!values.is_empty(), "{}: no run of {policy} on {workload}", path.display());
    Ok(values)
}

fn rows<T>(text: &str, header: &str, row: impl Fn(&[&str]) -> anyhow::Result<T>) -> anyhow::Result<Vec<T>> {
    let mut lines = text.lines().enumerate();
    let found = lines.next().map_or("", |(_, line)| line.trim());
    ensure!(found.starts_with(header), "line 1: expected columns that begin with {header}");
    let columns = found.split(',').count();
    let lines = lines.filter(|(_, line)| !line.trim().is_empty());
    let parse = |(index, line): (usize, &str)| {
        let fields: Vec<_> = line.trim().split(',').collect();
        ensure!(fields.len() == columns, "line {}: expected {columns} fields, found {}", index + 1, fields.len());
        row(&fields).with_context(|| format!("line {}", index + 1))
    };
    let rows: Vec<_> = lines.map(parse).collect::<anyhow::Result<_>>()?;
    ensure!(!rows.is_empty(), "no rows");
    Ok(rows)
}

fn machine(fields: &[&str]) -> anyhow::Result<Machine> {
    let model = fields.get(4).filter(|name| !name.is_empty());
    Ok(Machine {
        cpu_milli: number(fields, 1, "cpu_milli", u32::MAX)?,
        memory_mib: number(fields, 2, "memory_mib", u32::MAX)?,
        gpus: number(fields, 3, "gpu", 64)?,
        model: model.map(|name| model_of(name)).transpose()?,
    })
}

fn needs(fields: &[&str]) -> anyhow::Result<Needs> {
    let names = fields.get(5).map_or("", |models| models);
    let models = names.split('|').filter(|name| !name.is_empty()).map(model_of).collect::<anyhow::Result<_>>()?;
    Ok(Needs {
        cpu_milli: number(fields, 1, "cpu_milli", u32::MAX)?,
        memory_mib: number(fields, 2, "memory_mib", u32::MAX)?,
        gpus: number(fields, 3, "num_gpu", 64)?,
        gpu_milli: number(fields, 4, "gpu_milli", 1_000)?,
        models,
    })
}

/// Labels are lower case; published names are not.
fn model_of(name: &str) -> anyhow::Result<Model> {
    let label =
        Label::parse(&name.to_ascii_lowercase()).map_err(|_| anyhow::anyhow!("{name:?} is not a model's name"))?;
    Ok(Model(label))
}

fn number<T: TryFrom<u32>>(fields: &[&str], index: usize, column: &str, most: u32) -> anyhow::Result<T> {
    let text = fields.get(index).copied().unwrap_or_default();
    let value: u32 = text.parse().with_context(|| format!("{column} {text:?} is not a number"))?;
    ensure!(value <= most, "{column} is {value}: at most {most}");
    T::try_from(value).map_err(|_| anyhow::anyhow!("{column} is {value}: out of range"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_are_read_as_published() {
        let nodes = rows(&format!("{NODE_HEADER}\na,96000,786432,8,V100M32\nb,32000,65536,0,\n"), NODE_HEADER, machine);
        let model = Model(Label::parse("v100m32").unwrap());
        assert_eq!(
            nodes.unwrap(),
            [
                Machine { cpu_milli: 96_000, memory_mib: 786_432, gpus: 8, model: Some(model) },
                Machine { cpu_milli: 32_000, memory_mib: 65_536, gpus: 0, model: None },
            ]
        );
        let text = format!("{TASK_HEADER},gpu_spec,qos\nt,4000,15258,1,220,V100M16|V100M32,BE\n");
        let tasks = rows(&text, TASK_HEADER, needs).unwrap();
        assert_eq!((tasks[0].gpu_milli, tasks[0].models.len(), tasks[0].models[1]), (220, 2, model));
    }

    #[test]
    fn errors_name_the_line() {
        let error = |line: &str| {
            let text = format!("{TASK_HEADER}\nt,1,1,1,500\n{line}\n");
            format!("{:#}", rows(&text, TASK_HEADER, needs).unwrap_err())
        };
        assert_eq!(error("t,1,1,1"), "line 3: expected 5 fields, found 4");
        assert_eq!(error("t,1,1,1,1001"), "line 3: gpu_milli is 1001: at most 1000");
        assert!(error("t,x,1,1,1").starts_with("line 3: cpu_milli \"x\" is not a number"));
        assert_eq!(
            rows("a,b\n", NODE_HEADER, machine).unwrap_err().to_string(),
            format!("line 1: expected columns that begin with {NODE_HEADER}")
        );
    }
}
