//! Stages and replies of an SMTP transaction (RFC 5321), as far as the product's rules need them.

use serde::{Deserialize, Serialize};

use crate::text_enum;

text_enum!(
    /// How far a transaction had come when it ended.
    Stage {
        /// Looking up the server's name.
        Resolve = "resolve",
        /// Opening the connection.
        Connect = "connect",
        /// Negotiating TLS.
        Tls = "tls",
        /// Waiting for the greeting.
        Greeting = "greeting",
        /// `EHLO`.
        Ehlo = "ehlo",
        /// `STARTTLS`.
        StartTls = "starttls",
        /// `AUTH`.
        Auth = "auth",
        /// `MAIL FROM`.
        MailFrom = "mail_from",
        /// `RCPT TO`.
        RcptTo = "rcpt_to",
        /// `DATA`, before the content.
        Data = "data",
        /// The answer to the final dot.
        FinalDot = "final_dot",
    }
);

/// A server's reply: code, enhanced status code (RFC 3463) where given, and its words, lines joined by a line feed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reply {
    /// The three-digit code.
    pub code: u16,
    /// The enhanced status code, such as `(5, 1, 1)`.
    pub enhanced: Option<(u8, u16, u16)>,
    /// The server's words without code and enhanced code.
    pub text: String,
}

impl Reply {
    /// Whether the reply says that a later attempt may succeed (4yz).
    pub fn is_temporary(&self) -> bool {
        (400..500).contains(&self.code)
    }

    /// The codes as people quote them: `550 5.1.1`.
    pub fn codes(&self) -> String {
        match self.enhanced {
            Some((class, subject, detail)) => format!("{} {class}.{subject}.{detail}", self.code),
            None => self.code.to_string(),
        }
    }
}

impl std::fmt::Display for Reply {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} {}", self.codes(), self.text)
    }
}
