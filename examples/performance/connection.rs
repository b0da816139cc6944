//! The host's side of a kept-alive connection: raw bytes, so that the client costs next to nothing.

use std::io::{self, BufRead as _, BufReader, Read as _, Write as _};
use std::net::{Ipv4Addr, TcpStream};

/// A connection to a server.
pub(crate) struct Connection(BufReader<TcpStream>);

impl Connection {
    pub(crate) fn open(port: u16) -> io::Result<Self> {
        let stream = TcpStream::connect((Ipv4Addr::LOCALHOST, port))?;
        stream.set_nodelay(true)?;
        Ok(Self(BufReader::new(stream)))
    }

    /// The readiness probe.
    pub(crate) fn get_root(&mut self) -> io::Result<()> {
        self.exchange(&Request::whole(b"GET / HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n".to_vec()))
    }

    /// Sends a request and reads the answer, which has to be 200.
    pub(crate) fn exchange(&mut self, request: &Request) -> io::Result<()> {
        for piece in request.bytes.chunks(request.write_bytes) {
            self.0.get_mut().write_all(piece)?;
        }
        let mut line = String::new();
        self.0.read_line(&mut line)?;
        if line.split(' ').nth(1) != Some("200") {
            return Err(io::Error::other(format!("the answer is not 200: {}", line.trim())));
        }
        let mut length = 0;
        loop {
            line.clear();
            self.0.read_line(&mut line)?;
            match line.split_once(':') {
                Some((name, value)) if name.eq_ignore_ascii_case("content-length") => {
                    length = value.trim().parse().map_err(io::Error::other)?;
                }
                Some(_) => {}
                None => break,
            }
        }
        let mut body = vec![0; length];
        self.0.read_exact(&mut body)
    }
}

/// A request, from the first byte of its head to the last of its body.
pub(crate) struct Request {
    bytes: Vec<u8>,
    /// How many bytes are written at once.
    write_bytes: usize,
}

/// How much of a chunked body the host writes at once: the buffer of .NET's connections.
const CHUNK_BYTES: usize = 4 << 10;

impl Request {
    fn whole(bytes: Vec<u8>) -> Self {
        Self { bytes, write_bytes: usize::MAX }
    }

    /// An invocation as the host posts it under `func start`: with its length, written at once.
    pub(crate) fn invocation(body: &[u8]) -> Self {
        let head = head(&format!("Content-Length: {}", body.len()));
        Self::whole([head.as_bytes(), body].concat())
    }

    /// An invocation as the host posts it in Azure: in chunks, each written when it is full.
    pub(crate) fn chunked_invocation(body: &[u8]) -> Self {
        let mut bytes = head("Transfer-Encoding: chunked").into_bytes();
        for chunk in body.chunks(CHUNK_BYTES).chain([[].as_slice()]) {
            bytes.extend_from_slice(format!("{:x}\r\n", chunk.len()).as_bytes());
            bytes.extend_from_slice(chunk);
            bytes.extend_from_slice(b"\r\n");
        }
        Self { bytes, write_bytes: CHUNK_BYTES }
    }
}

fn head(length: &str) -> String {
    format!(
        "POST /CertificateAccessed HTTP/1.1\r\n\
         Host: 127.0.0.1\r\n\
         X-Azure-Functions-HostVersion: 4.1037.0.0\r\n\
         X-Azure-Functions-InvocationId: 00000000-0000-0000-0000-00000000000f\r\n\
         User-Agent: Azure-Functions-Host/4.1037.0.0\r\n\
         Content-Type: application/json; charset=utf-8\r\n\
         {length}\r\n\r\n"
    )
}
