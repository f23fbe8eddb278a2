//! A browser, and what a person does with it: reads, types, presses.

use crate::installation::Running;
use fantoccini::actions::{InputSource, KeyAction, KeyActions};
use fantoccini::elements::Element;
use fantoccini::key::Key;
use fantoccini::wd::Capabilities;
use fantoccini::{Client, ClientBuilder, Locator};
use serde_json::{Value, json};
use std::io::{BufRead, BufReader, Write};
use std::net::TcpStream;
use std::path::PathBuf;
use std::process::{Command, Stdio};
use std::time::Duration;
use totp_rs::{Builder, Secret};

/// A browser window of its own: its own cookies, its own cache.
pub struct Browser {
    pub client: Client,
    base: String,
    pub hands: Hands,
    pub size: (u32, u32),
    _driver: Driver,
}

/// What drives the browser. When it goes, the browser goes too, whatever became of the test.
struct Driver {
    process: Running,
    port: u16,
}

impl Drop for Driver {
    fn drop(&mut self) {
        // Killed, it would leave its browsers behind: it is asked to end them and itself.
        let asked = TcpStream::connect(("127.0.0.1", self.port))
            .and_then(|mut to| write!(to, "GET /shutdown HTTP/1.1\r\nHost: 127.0.0.1:{}\r\n\r\n", self.port));
        if asked.is_ok() {
            for _ in 0..100 {
                if matches!(self.process.0.try_wait(), Ok(Some(_))) {
                    return;
                }
                std::thread::sleep(Duration::from_millis(50));
            }
        }
    }
}

/// With what a person works.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Hands {
    /// Clicks.
    Mouse,
    /// Tab, arrows, Enter, space; never a click.
    Keyboard,
}

/// Widths at which pages are looked at.
pub const DESKTOP: (u32, u32) = (1440, 900);
pub const TELEPHONE: (u32, u32) = (390, 844);

impl Browser {
    /// Opens a window on a site.
    pub async fn open(base: &str, (width, height): (u32, u32)) -> Browser {
        // Another one that starts at the same moment may take the port it chose.
        let driver =
            (0..5).find_map(|_| start_driver()).expect("chromedriver: apt-get install chromium-driver");
        let port = driver.port;
        let mut capabilities = Capabilities::new();
        let options = json!({
            "args": ["--headless=new", "--no-sandbox", "--disable-dev-shm-usage", "--disable-gpu", "--hide-scrollbars",
                     "--force-color-profile=srgb", format!("--window-size={width},{height}")],
            "mobileEmulation": (width < 500).then(|| json!({ "deviceMetrics": { "width": width, "height": height, "pixelRatio": 1.0 } })),
        });
        let options = match options {
            Value::Object(map) => Value::Object(map.into_iter().filter(|(_, v)| !v.is_null()).collect()),
            other => other,
        };
        capabilities.insert("goog:chromeOptions".to_owned(), options);
        let client = ClientBuilder::new(hyper_util::client::legacy::connect::HttpConnector::new())
            .capabilities(capabilities)
            .connect(&format!("http://127.0.0.1:{port}"))
            .await
            .unwrap();
        Browser { client, base: base.to_owned(), hands: Hands::Mouse, size: (width, height), _driver: driver }
    }
    /// The same window, worked with otherwise.
    pub fn by(self, hands: Hands) -> Browser {
        Browser { hands, ..self }
    }
    /// Comes to an element and acts on it.
    async fn act_on(&self, element: &Element, key: Key) {
        if self.hands == Hands::Mouse {
            element.click().await.unwrap_or_else(|e| panic!("{e}"));
            return;
        }
        self.reach(element).await;
        self.type_key(key).await;
    }
    /// Presses a key where the focus is, on whatever has it: a field for files takes text for names of files.
    async fn type_key(&self, key: Key) {
        let value = char::from(key);
        let keys =
            KeyActions::new("keys".to_owned()).then(KeyAction::Down { value }).then(KeyAction::Up { value });
        self.client.perform_actions(keys).await.unwrap();
    }
    /// Tabs to an element from wherever the focus is; within radios, by arrows.
    async fn reach(&self, element: &Element) {
        let at = "const [there] = arguments, here = document.activeElement; if (here === there) return 'there'; \
                  return here.type === 'radio' && there.type === 'radio' && here.name === there.name ? 'beside' : 'elsewhere'";
        for _ in 0..300 {
            let args = vec![serde_json::to_value(element).unwrap()];
            match self.client.execute(at, args).await.unwrap().as_str().unwrap() {
                "there" => return,
                "beside" => self.type_key(Key::Down).await,
                _ => self.type_key(Key::Tab).await,
            }
        }
        panic!("the keyboard does not reach {}", element.html(false).await.unwrap());
    }
    /// Goes to a path of the site, or to a whole address.
    pub async fn go(&self, path: &str) {
        let url = if path.starts_with("http") { path.to_owned() } else { format!("{}{path}", self.base) };
        self.client.goto(&url).await.unwrap();
    }
    /// Where it is, without the host.
    pub async fn path(&self) -> String {
        self.client.current_url().await.unwrap().path().to_owned()
    }
    /// All that can be read.
    pub async fn text(&self) -> String {
        // A page that is just going away has no text any more: the next one has.
        for _ in 0..20 {
            let script = "return document.body ? document.body.innerText : null";
            if let Ok(Value::String(text)) = self.client.execute(script, Vec::new()).await {
                return text;
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        panic!("no page");
    }
    /// The page says this; else what it says.
    pub async fn says(&self, words: &str) {
        self.says_within(words, Duration::from_secs(5)).await;
    }
    /// The page says this when work that takes a while is done.
    pub async fn says_in_time(&self, words: &str) {
        self.says_within(words, Duration::from_secs(30)).await;
    }
    async fn says_within(&self, words: &str, long: Duration) {
        for _ in 0..long.as_millis() / 50 {
            if self.text().await.contains(words) {
                return;
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        panic!("{} does not say {words:?}:\n{}", self.path().await, self.text().await);
    }
    /// Types into the field of this name or id, instead of what stands there.
    pub async fn fill(&self, name: &str, value: &str) {
        let field = self.found(&format!("[name='{name}'],[id='{name}']")).await;
        if self.hands == Hands::Keyboard {
            self.reach(&field).await;
        }
        field.clear().await.unwrap();
        field.send_keys(value).await.unwrap();
    }
    /// Sets a field without typing: dates, long texts.
    pub async fn set(&self, name: &str, value: &str) {
        let script = "const f = document.querySelector(`[name='${arguments[0]}']`); f.value = arguments[1];\
                      f.dispatchEvent(new Event('input', {bubbles: true})); f.dispatchEvent(new Event('change', {bubbles: true}));";
        self.client.execute(script, vec![json!(name), json!(value)]).await.unwrap();
    }
    /// Ticks a box or picks a radio by its label.
    pub async fn tick(&self, label: &str) {
        let path = format!("//label[normalize-space()=\"{label}\"]");
        let label = self.client.wait().for_element(Locator::XPath(&path)).await.unwrap();
        if self.hands == Hands::Mouse {
            label.click().await.unwrap();
            return;
        }
        let id = label.attr("for").await.unwrap().unwrap();
        let input = self.found(&format!("[id='{id}']")).await;
        self.reach(&input).await;
        if !input.is_selected().await.unwrap() {
            self.type_key(Key::Space).await;
        }
    }
    /// Ticks the first of the boxes of this name.
    pub async fn tick_first(&self, name: &str) {
        let input = self.found(&format!("input[name='{name}']")).await;
        self.act_on(&input, Key::Space).await;
    }
    /// Chooses from a list, by what is shown.
    pub async fn choose(&self, name: &str, shown: &str) {
        let field = self.found(&format!("select[name='{name}']")).await;
        if self.hands == Hands::Keyboard {
            self.reach(&field).await;
            return field.send_keys(shown).await.unwrap();
        }
        field.select_by_label(shown).await.unwrap();
    }
    /// Presses the button or link that says this.
    pub async fn press(&self, words: &str) {
        let path = format!("//*[self::button or self::a or self::summary][normalize-space()=\"{words}\"]");
        match self.client.wait().at_most(Duration::from_secs(5)).for_element(Locator::XPath(&path)).await {
            Ok(found) => self.act_on(&found, Key::Enter).await,
            Err(_) => panic!("nothing says {words:?} on {}:\n{}", self.path().await, self.text().await),
        }
    }
    pub async fn found(&self, css: &str) -> Element {
        match self.client.wait().at_most(Duration::from_secs(5)).for_element(Locator::Css(css)).await {
            Ok(found) => found,
            Err(_) => panic!("no {css} on {}:\n{}", self.path().await, self.text().await),
        }
    }
    /// What stands in a field.
    pub async fn value(&self, name: &str) -> String {
        self.found(&format!("[name='{name}']")).await.prop("value").await.unwrap().unwrap_or_default()
    }
    /// Presses a key on something.
    pub async fn keys(&self, css: &str, key: Key) {
        self.found(css).await.send_keys(&char::from(key).to_string()).await.unwrap();
    }
    /// Goes on as whoever is signed in in another window.
    pub async fn borrow_session(&self, other: &Browser) {
        self.go("/sign-in").await;
        let session = other.client.get_named_cookie("session").await.unwrap();
        self.client.add_cookie(session).await.unwrap();
    }
    /// Waits until htmx has nothing under way.
    pub async fn settled(&self) {
        for _ in 0..100 {
            let script = "return document.readyState === 'complete' && !document.querySelector('.htmx-request,.htmx-swapping,.htmx-settling')";
            if self.client.execute(script, Vec::new()).await.is_ok_and(|v| v == json!(true)) {
                return;
            }
            tokio::time::sleep(Duration::from_millis(30)).await;
        }
        panic!("the page does not settle");
    }
    /// Keeps a picture, if pictures are wanted: light and dark.
    pub async fn picture(&self, name: &str) {
        let Some(folder) = std::env::var_os("DISCREET_SCREENSHOTS").map(PathBuf::from) else { return };
        std::fs::create_dir_all(&folder).unwrap();
        let script = "return [document.documentElement.clientWidth, Math.max(document.documentElement.scrollHeight, innerHeight), document.documentElement.scrollWidth]";
        let size = self.client.execute(script, Vec::new()).await.unwrap();
        let width = size[0].as_u64().unwrap();
        for theme in ["light", "dark"] {
            let was = self.theme(theme).await;
            let bytes = self.whole_page(width, size[1].as_u64().unwrap()).await;
            std::fs::write(folder.join(format!("{name}-{width}-{theme}.png")), bytes).unwrap();
            self.theme(&was).await;
        }
    }
    async fn theme(&self, theme: &str) -> String {
        let script = "const was = document.documentElement.dataset.theme || ''; \
                      if (arguments[0]) document.documentElement.dataset.theme = arguments[0]; else delete document.documentElement.dataset.theme; return was;";
        self.client.execute(script, vec![json!(theme)]).await.unwrap().as_str().unwrap().to_owned()
    }
    async fn whole_page(&self, width: u64, height: u64) -> Vec<u8> {
        if width > 500 {
            self.client
                .set_window_size(
                    u32::try_from(width).unwrap(),
                    u32::try_from(height.min(6000)).unwrap() + 150,
                )
                .await
                .ok();
        }
        let bytes = self.client.screenshot().await.unwrap();
        if width > 500 {
            self.client.set_window_size(DESKTOP.0, DESKTOP.1).await.ok();
        }
        bytes
    }
    /// No part of the page is wider than the window.
    pub async fn fits(&self) {
        let script = "return [document.documentElement.scrollWidth, document.documentElement.clientWidth]";
        let size = self.client.execute(script, Vec::new()).await.unwrap();
        assert!(size[0].as_u64() <= size[1].as_u64(), "{} scrolls sideways: {size}", self.path().await);
    }
    /// axe-core finds nothing wrong with the page. The library is where `./test` put it.
    pub async fn accessible(&self) {
        let Some(file) = std::env::var_os("DISCREET_TEST_AXE") else { return };
        let source = std::fs::read_to_string(file).unwrap();
        self.client.execute(&source, Vec::new()).await.unwrap();
        let script = "const done = arguments[arguments.length - 1]; \
            axe.run(document, {runOnly: ['wcag2a','wcag2aa','wcag21a','wcag21aa','wcag22aa','best-practice']}).then(r => done(r.violations.map(v => \
            v.id + ': ' + v.help + ' ' + v.nodes.map(n => n.html.slice(0, 200)).join(' | '))), e => done(['axe: ' + e]))";
        let found = self.client.execute_async(script, Vec::new()).await.unwrap();
        assert_eq!(found, json!([]), "{}", self.path().await);
    }
    /// Looks at a page: it is accessible, fits, and a picture is kept.
    pub async fn look(&self, name: &str) {
        self.accessible().await;
        self.fits().await;
        self.picture(name).await;
    }
}

/// Starts a driver; where it listens.
fn start_driver() -> Option<Driver> {
    let mut command = Command::new("chromedriver");
    command.arg("--port=0").stdout(Stdio::piped()).stderr(Stdio::null());
    let mut process = Running(command.spawn().ok()?);
    let mut lines = BufReader::new(process.0.stdout.take()?).lines();
    let started = lines
        .find_map(|l| l.ok()?.split_once("started successfully on port ").map(|(_, port)| port.to_owned()))?;
    std::thread::spawn(move || lines.for_each(drop));
    Some(Driver { process, port: started.trim_end_matches('.').parse().ok()? })
}

/// What an authenticator app shows for these letters now.
pub fn code(letters: &str) -> String {
    let letters: String = letters.split_whitespace().collect();
    let secret = Secret::try_from_base32(&letters).unwrap();
    Builder::new().with_secret(secret.as_bytes().to_vec()).build().unwrap().generate_current().to_string()
}
