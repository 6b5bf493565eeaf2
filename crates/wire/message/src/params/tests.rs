use super::*;

/// What is written, its token, its parameters.
type Case = (&'static str, &'static str, &'static [(&'static str, &'static str)]);

#[test]
fn parameters_as_written() {
    let table: &[Case] = &[
        (" text/plain\r\n", "text/plain", &[]),
        (" Text/HTML; Charset=UTF-8", "text/html", &[("charset", "UTF-8")]),
        ("text/plain; charset=us-ascii (Plain text)", "text/plain", &[("charset", "us-ascii")]),
        ("attachment; filename=\"a;b=\\\"c.txt\"; size=3", "attachment", &[("filename", "a;b=\"c.txt"), ("size", "3")]),
        ("attachment; filename=my file (1).pdf", "attachment", &[("filename", "my file (1).pdf")]),
        (
            "attachment;\r\n filename*0*=utf-8''%e2%82%ac;\r\n\tfilename*1=x",
            "attachment",
            &[("filename*0*", "utf-8''%e2%82%ac"), ("filename*1", "x")],
        ),
        ("inline (shown); ; x; =y; z = 1 ;", "inline", &[("z", "1")]),
        ("a/b; name=\"unclosed", "a/b", &[("name", "unclosed")]),
        ("a/b; name=\"end\\", "a/b", &[("name", "end")]),
        ("a/b; x=\"\"", "a/b", &[("x", "")]),
        ("", "", &[]),
        (";;;", "", &[]),
    ];
    for (value, token, params) in table {
        let (read_token, read) = token_and_params(value.as_bytes());
        let read: Vec<(&str, &str)> =
            read.iter().map(|(k, v)| (str::from_utf8(k).unwrap(), str::from_utf8(v).unwrap())).collect();
        assert_eq!((str::from_utf8(&read_token).unwrap(), read.as_slice()), (*token, *params), "{value}");
    }
}

#[test]
fn parameters_are_bounded() {
    let value = format!("a/b{}", "; x=1".repeat(5_000));
    assert_eq!(token_and_params(value.as_bytes()).1.len(), MAX_PARAMS);
}
