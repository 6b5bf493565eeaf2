//! Delivery from a real queue, on both databases, to servers in this process, with a DNS in this process.

mod delivering;
mod failing;
mod sink;
mod smart_hosts;
mod world;
