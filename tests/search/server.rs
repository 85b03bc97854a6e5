//! A server with the documented endpoints, on loopback. It shares no code with the library, checks
//! everything that the API's reference requires of a request, and can misbehave on demand.

use std::collections::VecDeque;
use std::io::{Read, Write};
use std::net::{Shutdown, SocketAddr, TcpListener, TcpStream};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::Duration;

use jsonschema::Validator;
use serde_json::{Value, json};

use crate::schema;
use crate::world::{KINDS, Session};

/// The only key and the only project that the server knows.
pub(crate) const KEY: &str = "s3cr3t-\"k'e`y$PATH";
pub(crate) const PROJECT: &str = "it's a/project?";
const PROJECT_ENCODED: &str = "it%27s%20a%2Fproject%3F";

/// How the server misbehaves for one request.
#[derive(Clone, Debug)]
pub(crate) enum Mischief {
    /// It does not: the request is answered normally.
    None,
    /// Responds with this status, content type and body.
    Answer(u16, &'static str, String),
    /// Responds with status 429 and these header lines.
    TooManyRequests(String),
    /// Sends nothing.
    Silence,
    /// Sends the response byte by byte, for hours.
    Drip,
    /// Announces the whole body and closes the connection halfway.
    Truncate,
    /// Closes the connection without a response.
    HangUp,
    /// Returns page 1, with its number.
    FirstPage,
    /// Returns the results of page 1 with the requested page number.
    FirstResults,
    /// Returns no results, but says that there are more.
    EmptyButMore,
}

/// A received request.
#[derive(Clone, Debug)]
pub(crate) struct Seen {
    pub(crate) target: String,
    pub(crate) body: Vec<u8>,
}

pub(crate) struct Server {
    address: SocketAddr,
    shared: Arc<Shared>,
}

struct Shared {
    sessions: Mutex<Vec<Session>>,
    /// For the next requests, in order; later ones are answered normally.
    mischief: Mutex<VecDeque<Mischief>>,
    seen: Mutex<Vec<Seen>>,
    connections: Mutex<Vec<TcpStream>>,
    schema: Validator,
}

impl Server {
    pub(crate) fn start(sessions: Vec<Session>) -> Server {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        let shared = Arc::new(Shared {
            sessions: Mutex::new(sessions),
            mischief: Mutex::default(),
            seen: Mutex::default(),
            connections: Mutex::default(),
            schema: schema::body(),
        });
        let accepting = Arc::clone(&shared);
        thread::spawn(move || {
            for stream in listener.incoming().map_while(Result::ok) {
                stream.set_nodelay(true).unwrap();
                let shared = Arc::clone(&accepting);
                shared.connections.lock().unwrap().push(stream.try_clone().unwrap());
                thread::spawn(move || shared.serve(stream));
            }
        });
        Server { address, shared }
    }

    pub(crate) fn base(&self) -> String {
        format!("http://{}", self.address)
    }

    pub(crate) fn misbehave(&self, mischief: impl IntoIterator<Item = Mischief>) {
        self.shared.mischief.lock().unwrap().extend(mischief);
    }

    pub(crate) fn seen(&self) -> Vec<Seen> {
        self.shared.seen.lock().unwrap().clone()
    }

    /// Inserts a session before all others, like a new one.
    pub(crate) fn insert(&self, session: Session) {
        self.shared.sessions.lock().unwrap().insert(0, session);
    }
}

/// Closes all connections, so that no client waits for a response.
impl Drop for Server {
    fn drop(&mut self) {
        for connection in self.shared.connections.lock().unwrap().iter() {
            let _ = connection.shutdown(Shutdown::Both);
        }
    }
}

struct Request {
    method: String,
    target: String,
    headers: Vec<(String, Vec<u8>)>,
    body: Vec<u8>,
}

impl Request {
    fn header(&self, name: &str) -> Option<&[u8]> {
        self.headers.iter().find(|(header, _)| header.eq_ignore_ascii_case(name)).map(|(_, value)| value.as_slice())
    }
}

type Answer = (u16, &'static str, String);

fn message(status: u16, message: &str) -> Answer {
    (status, "application/json", json!({"message": message}).to_string())
}

impl Shared {
    fn serve(&self, mut stream: TcpStream) {
        let mut unread = Vec::new();
        while let Some(request) = receive(&mut stream, &mut unread) {
            let seen = Seen { target: request.target.clone(), body: request.body.clone() };
            self.seen.lock().unwrap().push(seen);
            let mischief = self.mischief.lock().unwrap().pop_front().unwrap_or(Mischief::None);
            if self.respond(&mut stream, &request, mischief).is_none() {
                break;
            }
        }
        // Its copy in `connections` would keep it open.
        let _ = stream.shutdown(Shutdown::Both);
    }

    /// Responds to a request; `None` if the connection is closed.
    fn respond(&self, stream: &mut TcpStream, request: &Request, mischief: Mischief) -> Option<()> {
        let (status, content_type, body) = match &mischief {
            Mischief::Answer(status, content_type, body) => (*status, *content_type, body.clone()),
            Mischief::TooManyRequests(_) => message(429, "slow down"),
            Mischief::Silence => return wait_for_end(stream),
            Mischief::HangUp => return None,
            _ => self.answer(request, &mischief),
        };
        let headers = if let Mischief::TooManyRequests(headers) = &mischief { headers } else { "" };
        let head = format!(
            "HTTP/1.1 {status} X\r\nContent-Type: {content_type}\r\nContent-Length: {}\r\nLocation: /elsewhere\r\n{headers}\r\n",
            body.len()
        );
        stream.write_all(head.as_bytes()).ok()?;
        match mischief {
            Mischief::Truncate => {
                stream.write_all(&body.as_bytes()[..body.len() / 2]).ok()?;
                None
            }
            Mischief::Drip => {
                for byte in body.bytes() {
                    stream.write_all(&[byte]).ok()?;
                    thread::sleep(Duration::from_millis(20));
                }
                None
            }
            _ => stream.write_all(body.as_bytes()).ok(),
        }
    }

    fn answer(&self, request: &Request, mischief: &Mischief) -> Answer {
        if request.method != "POST" {
            return message(405, "only POST is known");
        }
        if request.header("authorization") != Some(format!("Bearer {KEY}").as_bytes()) {
            return message(401, "the key is not known");
        }
        let (path, query) = request.target.split_once('?').unwrap_or((&request.target, ""));
        let prefix = format!("/api/v2/projects/{PROJECT_ENCODED}/search/");
        let Some(kind) = path.strip_prefix(&prefix).filter(|kind| KINDS.contains(kind)) else {
            return message(404, "there is no such project");
        };
        if request.header("content-type") != Some(b"application/json") {
            return message(400, "the body is not JSON");
        }
        let body: Value = match serde_json::from_slice(&request.body) {
            Ok(body) => body,
            Err(error) => return message(400, &error.to_string()),
        };
        if let Err(error) = self.schema.validate(&body) {
            return message(400, &error.to_string());
        }
        let (page, page_size, include_children) = match parameters(query) {
            Ok(parameters) => parameters,
            Err(error) => return message(400, &error),
        };
        (200, "application/json", self.page(kind, &body["filters"], page, page_size, include_children, mischief))
    }

    fn page(
        &self,
        kind: &str,
        filter: &Value,
        page: usize,
        size: usize,
        children: bool,
        mischief: &Mischief,
    ) -> String {
        let sessions = self.sessions.lock().unwrap();
        let found: Vec<&Session> = sessions.iter().filter(|session| session.matches(filter)).collect();
        let (shown, number) = match mischief {
            Mischief::FirstPage => (1, 1),
            Mischief::FirstResults => (1, page),
            _ => (page, page),
        };
        let on_page: Vec<Value> =
            found.iter().skip((shown - 1) * size).take(size).map(|session| session.result(kind, children)).collect();
        let (data, has_next) = match mischief {
            Mischief::EmptyButMore => (Vec::new(), true),
            _ => (on_page, found.len() > page * size),
        };
        json!({"data": data, "pagination": {"page": number, "page_size": size, "has_next": has_next}}).to_string()
    }
}

/// Returns `page`, `page_size` and `include_children`, within the documented bounds.
fn parameters(query: &str) -> Result<(usize, usize, bool), String> {
    let (mut page, mut page_size, mut include_children) = (1, 30, false);
    for pair in query.split('&').filter(|pair| !pair.is_empty()) {
        let wrong = || format!("{pair} is wrong");
        let (name, value) = pair.split_once('=').ok_or_else(wrong)?;
        match name {
            "page" => page = value.parse().map_err(|_| wrong())?,
            "page_size" => page_size = value.parse().map_err(|_| wrong())?,
            "include_children" => include_children = value.parse().map_err(|_| wrong())?,
            _ => return Err(wrong()),
        }
    }
    if page < 1 || !(1..=100).contains(&page_size) {
        return Err(format!("page {page} of {page_size} is out of bounds"));
    }
    Ok((page, page_size, include_children))
}

/// Returns the next request on the connection; `None` at its end.
fn receive(stream: &mut TcpStream, unread: &mut Vec<u8>) -> Option<Request> {
    let (mut request, head, length) = loop {
        let mut headers = [httparse::EMPTY_HEADER; 32];
        let mut parsed = httparse::Request::new(&mut headers);
        if let httparse::Status::Complete(head) = parsed.parse(unread).ok()? {
            let request = Request {
                method: parsed.method?.to_owned(),
                target: parsed.path?.to_owned(),
                headers: parsed
                    .headers
                    .iter()
                    .map(|header| (header.name.to_owned(), header.value.to_owned()))
                    .collect(),
                body: Vec::new(),
            };
            let length: usize = std::str::from_utf8(request.header("content-length")?).ok()?.parse().ok()?;
            break (request, head, length);
        }
        read_more(stream, unread)?;
    };
    if request.header("expect").is_some() {
        stream.write_all(b"HTTP/1.1 100 Continue\r\n\r\n").ok()?;
    }
    while unread.len() < head + length {
        read_more(stream, unread)?;
    }
    request.body = unread[head..head + length].to_owned();
    unread.drain(..head + length);
    Some(request)
}

fn read_more(stream: &mut TcpStream, unread: &mut Vec<u8>) -> Option<()> {
    let mut buffer = [0; 64 * 1024];
    match stream.read(&mut buffer) {
        Ok(0) | Err(_) => None,
        Ok(read) => {
            unread.extend_from_slice(&buffer[..read]);
            Some(())
        }
    }
}

/// Waits until the client, or the test, closes the connection.
fn wait_for_end(stream: &mut TcpStream) -> Option<()> {
    // If neither does, the test fails instead of hanging.
    stream.set_read_timeout(Some(Duration::from_secs(30))).ok()?;
    let mut ignored = Vec::new();
    while read_more(stream, &mut ignored).is_some() {}
    None
}
