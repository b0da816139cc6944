//! CSV of the tables of Log Analytics, as the portal, scripts and spreadsheets write it.

use super::{Held, gzip, replayed};

#[test]
fn a_read_in_a_row_is_an_alert_with_the_row_s_line() {
    let csv = "\u{feff}\"TimeGenerated [UTC]\",\"OperationName\",\"ResourceId\",\"ResultType\",\"CallerIpAddress\"\r\n\
               \"2026-03-02T08:14:57Z\",\"Vault\nGet\",\"\",\"Success\",\"192.0.2.7\"\r\n\
               \"2026-03-02T08:14:58Z\",\"MICROSOFT.KEYVAULT/VAULTS/CERTIFICATES/READ\",\
               \"/subscriptions/s/resourceGroups/rg/providers/Microsoft.KeyVault/vaults/kv-web/certificates/tls\",\
               \"Success\",\"192.0.2.7\"\r\n";

    let seen = replayed("query_data.csv", csv.as_bytes());

    assert_eq!((seen.alerts.len(), seen.code), (1, Some(0)), "{}", seen.stderr);
    assert_eq!(seen.sources()[0]["line"], 4);
    assert!(seen.stderr.contains("2 records"), "{}", seen.stderr);
}

#[test]
fn a_row_is_an_object_of_the_columns_that_are_not_empty() {
    let csv = "TenantId,TimeGenerated [UTC],httpStatusCode_d,Identity,Type\n\
               ,2026-03-02T08:14:58Z,200,\"{\"\"claim\"\": {}}\",AzureDiagnostics\n\
               \n\
               ,,,,\n\
               a,\"b\nc\",,,\n";

    let held = Held::in_file("rows.csv", csv.as_bytes());

    let first = r#"{"TimeGenerated":"2026-03-02T08:14:58Z","httpStatusCode_d":"200","Identity":"{\"claim\": {}}","Type":"AzureDiagnostics"}"#;
    assert_eq!(held.texts(), [first, r#"{"TenantId":"a","TimeGenerated":"b\nc"}"#]);
    assert_eq!(held.lines(), [Some(2), Some(5)]);
    assert!(held.faults.is_empty(), "{:?}", held.faults);
}

#[test]
fn a_header_is_known_in_any_case_with_utc_and_behind_what_tools_write_before_it() {
    let headers = [
        "timegenerated [UTC],operationname",
        "TimeGenerated (UTC),OperationName",
        "\"TIMEGENERATED\",\"OPERATIONNAME\"",
        "#TYPE System.Management.Automation.PSCustomObject\r\n\"TimeGenerated\",\"OperationName\"",
        "\n\nsep=;\nTimeGenerated;OperationName",
        "TimeGenerated\tOperationName",
    ];
    for header in headers {
        let delimiter = [';', '\t'].into_iter().find(|one| header.contains(&format!("{one}O"))).unwrap_or(',');

        let held = Held::in_file("rows.csv", format!("{header}\r\n2026{delimiter}CertificateGet").as_bytes());

        let text = held.texts().concat().to_lowercase();
        assert_eq!(
            text, r#"{"timegenerated":"2026","operationname":"certificateget"}"#,
            "{header:?} {:?}",
            held.faults
        );
        assert_eq!(held.lines(), [Some(2 + header.matches('\n').count())]);
    }
}

#[test]
fn rows_with_too_few_and_too_many_fields_and_columns_of_one_name_lose_nothing() {
    let csv = "TimeGenerated [UTC],OperationName,TimeGenerated\n1\n1,2,3,4\n";

    let held = Held::in_file("rows.csv", csv.as_bytes());

    let second = r#"{"TimeGenerated":"1","OperationName":"2","TimeGenerated 2":"3","column 4":"4"}"#;
    assert_eq!(held.texts(), [r#"{"TimeGenerated":"1"}"#, second]);
}

#[test]
fn a_zone_that_is_not_utc_stays_with_the_name_so_that_no_time_is_read_wrong() {
    let csv = "$table,timegenerated [UTC+02:00],operationname,TimeGenerated [Local Time]\n0,1,2,3\n";

    let held = Held::in_file("rows.csv", csv.as_bytes());

    let row = r#"{"$table":"0","timegenerated [UTC+02:00]":"1","operationname":"2","TimeGenerated [Local Time]":"3"}"#;
    assert_eq!(held.texts(), [row]);
}

#[test]
fn the_portal_s_own_csv_and_any_other_is_named_with_the_way_out() {
    let others = [
        "\"Correlation id\",\"Operation name\",\"Status\",\"Event category\",\"Level\",\"Time\"\n\"c\",\"Read certificate\",\"Succeeded\",\"Administrative\",\"Informational\",\"2026-03-02T08:14:58Z\"\n",
        "Korrelations-ID;Vorgangsname;Status;Ereigniskategorie\nc;Zertifikat lesen;Erfolgreich;Verwaltung\n",
        "相关 ID,操作名称,状态,事件类别\nc,a,b,d\n",
        "Name,Department,Room\nAda,Engines,1\n",
    ];
    for other in others {
        let seen = replayed("activity.csv", other.as_bytes());

        assert_eq!((seen.code, seen.stderr.lines().count()), (Some(1), 3), "{}", seen.stderr);
        let line = seen.lines_with("cannot read ")[0];
        assert!(line.contains("CSV") && line.contains("az monitor activity-log list"), "{line}");
    }
}

#[test]
fn text_with_commas_is_no_csv() {
    let lines = [
        r#"<14>1 2026-03-02T08:14:58Z host app - - {"a":1,"b":2,"c":3}"#,
        "CEF:0|v|p|1|OperationName, x, ResourceId, y|5|a=b",
        r#""{\"records\":[],\"a\":1,\"b\":2}""#,
    ];
    for line in lines {
        let held = Held::in_file("log.txt", line.as_bytes());

        assert_eq!((held.texts(), held.faults.len()), (vec![line], 0));
    }
}

#[test]
fn a_row_that_is_too_long_costs_itself_and_a_line() {
    let long = "x".repeat(5 << 20);
    let wide = ",".repeat(9000);
    let csv = format!("TimeGenerated,OperationName\n1,a\n2,\"{long}\n\"\n3,c\n4{wide}\n5,e\n");

    let held = Held::in_file("rows.csv", csv.as_bytes());

    assert_eq!(held.texts().len(), 3);
    assert_eq!(held.lines(), [Some(2), Some(5), Some(7)]);
    assert_eq!(held.faults.len(), 2, "{:?}", held.faults);
    assert!(held.faults[0].contains("line 3") && held.faults[1].contains("line 6"), "{:?}", held.faults);
}

#[test]
fn a_quote_that_is_never_closed_is_told_with_its_line() {
    let csv = "TimeGenerated,OperationName\n1,a\n2,\"b\n3,c\n4,d\n";

    let seen = replayed("rows.csv", csv.as_bytes());

    assert_eq!(seen.code, Some(1));
    let line = seen.lines_with("cannot read ")[0];
    assert!(line.contains("line 3") && line.contains("quote"), "{line}");
    assert!(seen.stderr.contains("2 records"), "what stands in the field is kept: {}", seen.stderr);
}

#[test]
fn a_gzip_that_breaks_off_gives_up_the_rows_before() {
    let csv = format!("TimeGenerated,OperationName\n1,a\n{}", "2,b\n".repeat(50_000));
    let packed = gzip(csv.as_bytes());

    let held = Held::in_file("rows.csv.gz", &packed[..packed.len() / 2]);

    assert!(held.bodies.len() > 100, "{}", held.bodies.len());
    assert_eq!(held.faults.len(), 1, "{:?}", held.faults);
}

#[test]
fn rows_and_their_lines_are_right_wherever_a_buffer_ends() {
    let row = |index: usize| format!("{index},\"{}\r\n\"\"{}\"\r\n", "a".repeat(index % 97), "é".repeat(index % 89));
    let rows: String = (0..10_000).map(row).collect();

    let held = Held::in_file("rows.csv", format!("TimeGenerated,OperationName\r\n{rows}").as_bytes());

    assert!(rows.len() > 1 << 20);
    assert_eq!((held.bodies.len(), held.faults.len()), (10_000, 0), "{:?}", held.faults);
    for (index, (text, place)) in held.bodies.iter().enumerate() {
        let operation = format!("{}\\r\\n\\\"{}", "a".repeat(index % 97), "é".repeat(index % 89));
        assert_eq!(*text, format!(r#"{{"TimeGenerated":"{index}","OperationName":"{operation}"}}"#));
        assert_eq!(place.line, Some(2 + 2 * index));
    }
}
