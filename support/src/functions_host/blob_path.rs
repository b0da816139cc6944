//! The templates of blob paths: `{DateTime:yyyy}` and `{rand-guid}`.

use jiff::Timestamp;
use uuid::Uuid;

use super::iso_date::in_utc;

/// Fills in a template. A name that the host's system binding data does not have is an error,
/// as it is when the host resolves the path (functions-host: WebJobs `SystemBindingData`).
pub fn expand(template: &str, now: Timestamp) -> Result<String, String> {
    let mut path = String::new();
    let mut rest = template;
    while let Some((before, after)) = rest.split_once('{') {
        path.push_str(before);
        let (expression, remaining) = after.split_once('}').ok_or_else(|| format!("unclosed {{ in {template}"))?;
        path.push_str(&value(expression, now)?);
        rest = remaining;
    }
    path.push_str(rest);
    Ok(path)
}

fn value(expression: &str, now: Timestamp) -> Result<String, String> {
    let (name, format) = expression.split_once(':').unwrap_or((expression, ""));
    match (name.to_ascii_lowercase().as_str(), format) {
        ("datetime", "") => Ok(in_utc(now).strftime("%Y-%m-%dT%H-%M-%SZ").to_string()),
        ("datetime", format) => Ok(formatted(format, now)),
        ("rand-guid", "") => Ok(Uuid::new_v4().to_string()),
        ("rand-guid", "N") => Ok(Uuid::new_v4().simple().to_string()),
        _ => Err(format!("No value for named parameter '{expression}'")),
    }
}

/// The .NET date patterns that paths use; any other character stays.
fn formatted(format: &str, now: Timestamp) -> String {
    let patterns = [("yyyy", "%Y"), ("MM", "%m"), ("dd", "%d"), ("HH", "%H"), ("mm", "%M"), ("ss", "%S")];
    let strftime = patterns.iter().fold(format.replace('%', "%%"), |text, (net, unix)| text.replace(net, unix));
    in_utc(now).strftime(&strftime).to_string()
}
