//! The configuration: what it says that cannot be meant.

use super::Finding;
use crate::config::Config;

const TOPIC: &str = "configuration";

pub(super) fn check(config: &Config) -> Vec<Finding> {
    let mut findings: Vec<Finding> =
        config.warnings.iter().map(|warning| Finding::warning(TOPIC, warning, "correct the name of the key")).collect();
    let reachable = config.listen.iter().any(|(_, address)| !address.ip().is_loopback());
    let named = config.hostname.contains('.');
    if reachable && !named {
        let what = format!("the host name is `{}`, which nobody can look up", config.hostname);
        findings.push(Finding::problem(TOPIC, what, "set hostname to the name that this machine has in DNS"));
    }
    if !reachable {
        let advice = "set the addresses in [listen] when others are to reach it";
        findings.push(Finding::warning(TOPIC, "every listener is on loopback: only this machine reaches it", advice));
    }
    if findings.is_empty() {
        findings.push(Finding::ok(TOPIC, format!("host name {}", config.hostname)));
    }
    findings
}
