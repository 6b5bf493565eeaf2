//! Says that this crate is built again when the web app was. It builds nothing itself: `scripts/build` does.

fn main() {
    println!("cargo:rerun-if-changed=../../../web/dist");
}
