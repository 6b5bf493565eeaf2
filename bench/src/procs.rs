//! What processes cost, read from /proc: CPU and memory of a server's whole process tree, and the CPU that anything
//! else on the machine used meanwhile. Start reading at [`Meter`].

use std::collections::HashMap;
use std::fs;
use std::sync::mpsc;
use std::time::{Duration, Instant};

use serde::Serialize;

/// USER_HZ: the unit of the times in /proc, 100 on every Linux we run on.
const TICKS_PER_SECOND: f64 = 100.0;

/// user + system seconds of the process and all its descendants, with those that ended and were waited for.
pub(crate) fn cpu_seconds(root: u32) -> f64 {
    let ticks: u64 = tree(root).into_iter().filter_map(stat).map(|s| s.ticks).sum();
    ticks as f64 / TICKS_PER_SECOND
}

/// The same of the threads that are alive now, to the nanosecond: /proc counts the time of processes in hundredths of
/// a second, which says nothing about a command that takes one.
pub(crate) fn exact_cpu_seconds(root: u32) -> f64 {
    let threads = |pid: u32| fs::read_dir(format!("/proc/{pid}/task")).into_iter().flatten().flatten();
    let nanoseconds = |thread: fs::DirEntry| {
        let text = fs::read_to_string(thread.path().join("schedstat")).ok()?;
        text.split(' ').next()?.parse::<u64>().ok()
    };
    let sum: u64 = tree(root).into_iter().flat_map(threads).filter_map(nanoseconds).sum();
    sum as f64 / 1e9
}

/// Sums over the process tree, in MiB. PSS shares out what several processes map.
#[derive(Clone, Copy, Debug, Default, Serialize)]
pub(crate) struct Memory {
    pub(crate) rss: f64,
    pub(crate) pss: f64,
    pub(crate) processes: usize,
}

impl Memory {
    pub(crate) fn of(root: u32) -> Self {
        let mut sum = Self::default();
        for pid in tree(root) {
            let Ok(rollup) = fs::read_to_string(format!("/proc/{pid}/smaps_rollup")) else { continue };
            let kib = |name| {
                let line = rollup.lines().find_map(|l| l.strip_prefix(name))?;
                line.split_whitespace().next()?.parse::<f64>().ok()
            };
            sum.rss += kib("Rss:").unwrap_or(0.0) / 1024.0;
            sum.pss += kib("Pss:").unwrap_or(0.0) / 1024.0;
            sum.processes += 1;
        }
        sum
    }

    fn peak(self, other: Self) -> Self {
        Self {
            rss: self.rss.max(other.rss),
            pss: self.pss.max(other.pss),
            processes: self.processes.max(other.processes),
        }
    }
}

struct Stat {
    parent: u32,
    ticks: u64,
    ended: bool,
}

fn stat(pid: u32) -> Option<Stat> {
    let text = fs::read_to_string(format!("/proc/{pid}/stat")).ok()?;
    // The name in parentheses may hold anything, so the fields are counted from its end.
    let fields: Vec<&str> = text[text.rfind(')')? + 2..].split_whitespace().collect();
    let ticks = fields.get(11..15)?.iter().filter_map(|f| f.parse::<u64>().ok()).sum();
    Some(Stat { parent: fields.get(1)?.parse().ok()?, ticks, ended: matches!(fields[0], "Z" | "X") })
}

/// Whether the process runs; one that ended and waits to be collected does not.
pub(crate) fn is_alive(pid: u32) -> bool {
    stat(pid).is_some_and(|s| !s.ended)
}

/// The process and all its descendants.
pub(crate) fn tree(root: u32) -> Vec<u32> {
    let mut children: HashMap<u32, Vec<u32>> = HashMap::new();
    let entries = fs::read_dir("/proc").into_iter().flatten().flatten();
    for pid in entries.filter_map(|e| e.file_name().to_str()?.parse::<u32>().ok()) {
        if let Some(stat) = stat(pid) {
            children.entry(stat.parent).or_default().push(pid);
        }
    }
    let mut found = vec![root];
    let mut next = 0;
    while let Some(&pid) = found.get(next) {
        found.extend(children.remove(&pid).unwrap_or_default());
        next += 1;
    }
    found
}

/// Seconds that any CPU of the machine was not idle since boot.
fn machine_busy_seconds() -> f64 {
    let text = fs::read_to_string("/proc/stat").unwrap_or_default();
    let first = text.lines().next().unwrap_or_default();
    let fields: Vec<f64> = first.split_whitespace().skip(1).take(8).filter_map(|f| f.parse().ok()).collect();
    let idle = fields.get(3).unwrap_or(&0.0) + fields.get(4).unwrap_or(&0.0);
    (fields.iter().sum::<f64>() - idle) / TICKS_PER_SECOND
}

/// Waits, at most for `limit`, for a second in which the whole machine uses less than a fifth of a core.
pub(crate) async fn wait_for_quiet(limit: Duration) {
    let start = Instant::now();
    while start.elapsed() < limit {
        let before = machine_busy_seconds();
        tokio::time::sleep(Duration::from_secs(1)).await;
        if machine_busy_seconds() - before < 0.2 {
            return;
        }
    }
}

/// What a stretch of time cost the server.
#[derive(Clone, Copy, Debug, Default, Serialize)]
pub(crate) struct Cost {
    pub(crate) wall: f64,
    pub(crate) cpu: f64,
    pub(crate) client_cpu: f64,
    /// Cores that neither the server nor this tool kept busy, on average.
    pub(crate) foreign_cores: f64,
    pub(crate) peak: Memory,
}

/// Measures a server from `start` to `stop`; memory is sampled by a thread of its own.
pub(crate) struct Meter {
    pid: u32,
    begun: Instant,
    cpu: f64,
    client_cpu: f64,
    machine: f64,
    how: fn(u32) -> f64,
    sampler: Option<(mpsc::Sender<()>, std::thread::JoinHandle<Memory>)>,
}

impl Meter {
    pub(crate) fn start(pid: u32) -> Self {
        let (stop, stopped) = mpsc::channel();
        let sampler = std::thread::spawn(move || sample_peak(pid, &stopped));
        Self { sampler: Some((stop, sampler)), ..Self::with(pid, cpu_seconds) }
    }

    /// Measures CPU exactly and memory not at all: looking at the memory of a server holds it up for some milliseconds,
    /// which would be most of what a short command takes.
    pub(crate) fn exact(pid: u32) -> Self {
        Self::with(pid, exact_cpu_seconds)
    }

    fn with(pid: u32, how: fn(u32) -> f64) -> Self {
        let (client_cpu, machine) = (cpu_of_this_tool(), machine_busy_seconds());
        let cpu = how(pid);
        Self { pid, cpu, client_cpu, machine, how, sampler: None, begun: Instant::now() }
    }

    /// CPU seconds of the server since the start, and the time that passed.
    pub(crate) fn so_far(&self) -> (f64, Duration) {
        ((self.how)(self.pid) - self.cpu, self.begun.elapsed())
    }

    pub(crate) fn stop(self) -> Cost {
        let wall = self.begun.elapsed().as_secs_f64();
        let cpu = (self.how)(self.pid) - self.cpu;
        let client_cpu = cpu_of_this_tool() - self.client_cpu;
        let machine = machine_busy_seconds() - self.machine;
        let peak = self.sampler.map_or_else(Memory::default, |(stop, sampler)| {
            // A sampler that is already gone has nothing to be told.
            let _ = stop.send(());
            sampler.join().unwrap_or_default()
        });
        Cost { wall, cpu, client_cpu, foreign_cores: ((machine - cpu - client_cpu) / wall).max(0.0), peak }
    }
}

fn sample_peak(pid: u32, stopped: &mpsc::Receiver<()>) -> Memory {
    let mut peak = Memory::of(pid);
    while stopped.recv_timeout(Duration::from_millis(500)) == Err(mpsc::RecvTimeoutError::Timeout) {
        peak = peak.peak(Memory::of(pid));
    }
    peak.peak(Memory::of(pid))
}

fn cpu_of_this_tool() -> f64 {
    let own = fs::read_to_string("/proc/self/stat").ok();
    let ticks = own.and_then(|text| {
        let fields: Vec<&str> = text[text.rfind(')')? + 2..].split_whitespace().collect();
        // Without the children: the servers are children of this tool.
        Some(fields.get(11..13)?.iter().filter_map(|f| f.parse::<u64>().ok()).sum::<u64>())
    });
    ticks.unwrap_or(0) as f64 / TICKS_PER_SECOND
}
