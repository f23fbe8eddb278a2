//! Every limit of this crate, in one place.

/// Longest subject, in characters.
pub const LONGEST_SUBJECT: usize = 150;
/// Subjects beyond this many characters are cut by most phones: a warning.
pub const COMFORTABLE_SUBJECT: usize = 70;
/// Longest preheader, in characters.
pub const LONGEST_PREHEADER: usize = 200;
/// Longest sender name or public topic name, in characters.
pub const LONGEST_SHOWN_NAME: usize = 64;
/// Longest body an author may write, in bytes.
pub const LONGEST_BODY: usize = 64 * 1024;
/// Longest HTML that leaves, in bytes. Gmail clips at 102 KB, and what it clips is our footer.
pub const LONGEST_HTML: usize = 100_000;
/// Most merge fields in one part of a template. Each becomes one private-use character while the body is rendered.
pub const MOST_FIELDS: usize = 200;
/// Longest value put in the place of a merge field, in characters; longer text is cut with an ellipsis.
pub const LONGEST_VALUE: usize = 200;
/// Longest address of a link, in bytes.
pub const LONGEST_LINK: usize = 2_000;
/// Most findings reported about one template: enough to work with, and a bound.
pub const MOST_FINDINGS: usize = 200;
/// Deepest nesting of Markdown blocks that is rendered.
pub const DEEPEST_MARKDOWN: usize = 32;
/// Most lines of a postal address.
pub const MOST_ADDRESS_LINES: usize = 6;

/// Longest line of an SMTP reply, in bytes (RFC 5321 §4.5.3.1.5 says 512; relays exceed it).
pub const LONGEST_REPLY_LINE: usize = 2_048;
/// Most lines of one SMTP reply.
pub const MOST_REPLY_LINES: usize = 128;
/// Longest message given to a relay, in bytes.
pub const LONGEST_MESSAGE: usize = 25 * 1024 * 1024;

/// Longest command line the catcher takes, in bytes.
pub const LONGEST_CAUGHT_LINE: usize = 4_096;
/// Most recipients of one message in the catcher.
pub const MOST_CAUGHT_RECIPIENTS: usize = 100;

/// Largest file an image may come in, in bytes.
pub const LARGEST_IMAGE_FILE: usize = 10 * 1024 * 1024;
/// Widest and tallest picture a file may hold, in pixels: beyond what cameras make.
pub const LONGEST_IMAGE_SIDE: u32 = 12_000;
/// Most memory that decoding an image may take, in bytes.
pub const MOST_IMAGE_MEMORY: u64 = 256 * 1024 * 1024;
/// Images are made at most so wide, in pixels: twice the column, for sharp screens.
pub const WIDEST_IMAGE: u32 = 1_200;
/// Images are made at most so tall, in pixels.
pub const TALLEST_IMAGE: u32 = 2_400;
/// Largest image once it is made ready for mail, in bytes.
pub const LARGEST_IMAGE: usize = 1024 * 1024;
/// Most bytes that the images of one mail may have together, before they are encoded.
pub const HEAVIEST_IMAGES: usize = 2 * 1024 * 1024;
