//! Facts about the machine that a reader needs to judge the figures, without its names or paths.

use std::fs;
use std::io::Write;
use std::path::Path;
use std::time::{Duration, Instant};

use serde::Serialize;

use crate::failure::{Result, While};
use crate::numbers::percentile_ms;

const FSYNCS: usize = 300;

#[derive(Debug, Serialize)]
pub(crate) struct Machine {
    cores: usize,
    processor: String,
    memory_gib: f64,
    kernel: String,
    filesystem: String,
    fsync_p50_ms: f64,
    fsync_p99_ms: f64,
}

impl Machine {
    /// Looks at the machine; `work` is the folder whose disk the servers use.
    pub(crate) fn look(work: &Path) -> Result<Self> {
        let fsyncs = fsync_times(work).during("measuring fsync")?;
        Ok(Self {
            cores: std::thread::available_parallelism().map_or(1, usize::from),
            processor: field("/proc/cpuinfo", "model name").unwrap_or_else(|| "unknown processor".into()),
            memory_gib: memory_gib(),
            kernel: kernel(),
            filesystem: filesystem_of(work),
            fsync_p50_ms: percentile_ms(&fsyncs, 50),
            fsync_p99_ms: percentile_ms(&fsyncs, 99),
        })
    }

    pub(crate) fn sentence(&self) -> String {
        format!(
            "{} cores ({}), {:.0} GiB, Linux {}, {}; fsync of a 4 KiB append: p50 {:.2} ms, p99 {:.2} ms",
            self.cores,
            self.processor,
            self.memory_gib,
            self.kernel,
            self.filesystem,
            self.fsync_p50_ms,
            self.fsync_p99_ms
        )
    }
}

fn field(file: &str, name: &str) -> Option<String> {
    let text = fs::read_to_string(file).ok()?;
    let line = text.lines().find(|l| l.starts_with(name))?;
    Some(line.split_once(':')?.1.trim().to_owned())
}

fn memory_gib() -> f64 {
    let total = field("/proc/meminfo", "MemTotal").unwrap_or_default();
    let kib = total.split_whitespace().next().and_then(|n| n.parse::<f64>().ok());
    kib.unwrap_or(0.0) / 1024.0 / 1024.0
}

/// The release without what a distributor or a host puts behind it.
fn kernel() -> String {
    let release = fs::read_to_string("/proc/sys/kernel/osrelease").unwrap_or_default();
    let numbers: Vec<&str> = release.split(['.', '-']).take(2).collect();
    numbers.join(".").trim().to_owned()
}

fn filesystem_of(folder: &Path) -> String {
    let folder = folder.canonicalize().unwrap_or_else(|_| folder.to_owned());
    let mounts = fs::read_to_string("/proc/mounts").unwrap_or_default();
    let points = mounts.lines().filter_map(|line| {
        let mut words = line.split(' ').skip(1);
        Some((words.next()?, words.next()?))
    });
    let below = points.filter(|(point, _)| folder.starts_with(point));
    below.max_by_key(|(point, _)| point.len()).map_or_else(|| "unknown file system".into(), |(_, kind)| kind.into())
}

fn fsync_times(folder: &Path) -> std::io::Result<Vec<Duration>> {
    let path = folder.join("fsync-probe");
    let mut file = fs::File::create(&path)?;
    let mut times = Vec::with_capacity(FSYNCS);
    for _ in 0..FSYNCS {
        file.write_all(&[7; 4096])?;
        let begun = Instant::now();
        file.sync_all()?;
        times.push(begun.elapsed());
    }
    fs::remove_file(path)?;
    Ok(times)
}
