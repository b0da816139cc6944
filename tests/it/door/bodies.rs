//! Bodies of many callers at once.

use super::*;
use crate::given::WRITE;

/// A batch of events that hold no match, of so many MiB.
fn large_body(mebibytes: usize) -> Vec<u8> {
    let event = WRITE.replace("rg-données", &"x".repeat(1 << 20));
    binary_batch(&vec![event; mebibytes * 3 / 4])
}

#[cfg(target_os = "linux")]
#[tokio::test]
async fn many_large_bodies_at_once_wait_for_each_other_and_all_are_answered() {
    let (host, _folder) = crate::host::host_with(&[]).await;
    let body = large_body(24);

    let post = || async {
        let mut stream = tokio::net::TcpStream::connect(("127.0.0.1", host.port())).await.unwrap();
        let head = format!(
            "POST /CertificateAccessed HTTP/1.1\r\n{JSON}Connection: close\r\nContent-Length: {}\r\n\r\n",
            body.len()
        );
        stream.write_all(head.as_bytes()).await.unwrap();
        stream.write_all(&body).await.unwrap();
        let mut answer = Vec::new();
        stream.read_to_end(&mut answer).await.unwrap();
        String::from_utf8_lossy(&answer[9..12]).into_owned()
    };
    let statuses = futures_util::future::join_all((0..8).map(|_| post())).await;

    assert!(statuses.iter().all(|status| status == "200"), "{statuses:?}");
    let peak_mib = crate::host::peak_kib(&host).await / 1024;
    eprintln!("eight bodies of {} MiB: {peak_mib} MiB at the highest", body.len() >> 20);
    assert!(peak_mib < 150, "{peak_mib} MiB for eight bodies of {} MiB", body.len() >> 20);
}

/// A body of which so many MiB have arrived, and the rest is still to come.
async fn body_under_way(door: &Door, mebibytes: usize) -> DuplexStream {
    let mut connection = door.connect();
    let head = post(JSON, "").replace("Length: 0", &format!("Length: {MAX_BODY_BYTES}"));
    connection.write_all(head.as_bytes()).await.unwrap();
    for _ in 0..mebibytes {
        connection.write_all(&[b' '; 1 << 20]).await.unwrap();
    }
    connection
}

#[tokio::test(start_paused = true)]
async fn a_body_that_waits_for_room_is_taken_as_soon_as_there_is_some() {
    let door = Door::new();
    let small = post(JSON, &String::from_utf8(binary_batch(&[READ])).unwrap());
    let large = body_under_way(&door, 65).await;
    sleep(Duration::from_secs(1)).await;
    let started = Instant::now();

    let ((status, _), ()) = tokio::join!(door.ask(&small), async {
        sleep(Duration::from_secs(15)).await;
        drop(large);
    });

    assert_eq!((status, started.elapsed().as_secs()), (200, 15));
    let _within_the_room = body_under_way(&door, 60).await;
    assert_eq!(door.ask(&small).await.0, 200, "all is given back");
}

#[tokio::test(start_paused = true)]
async fn a_body_without_room_is_refused_after_thirty_seconds_so_that_it_comes_again() {
    let door = Door::new();
    let mut large = body_under_way(&door, 65).await;
    let dripping = tokio::spawn(async move {
        loop {
            sleep(Duration::from_secs(20)).await;
            large.write_all(b" ").await.ok();
        }
    });
    sleep(Duration::from_secs(1)).await;
    let started = Instant::now();

    let (status, json) = door.ask(&post(JSON, &String::from_utf8(binary_batch(&[READ])).unwrap())).await;

    assert_eq!((status, started.elapsed().as_secs()), (503, 30));
    assert!(json["error"].as_str().unwrap().contains("send it again"), "{json}");
    dripping.abort();
    let _gone = dripping.await;
    assert_eq!(door.ask(&post(JSON, &String::from_utf8(binary_batch(&[READ])).unwrap())).await.0, 200, "there is room");
}
