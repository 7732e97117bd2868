/** Words about how a channel learns what became of its mail, in the settings. */

export const feedback = {
  open: "What comes back",
  openLabel: "What comes back to {{name}}",
  hears: {
    none: "Hears of refusals at once, and of nothing later",
    some: "Hears of refusals at once, later of {{news}}",
    not: "Hears nothing of {{news}}",
  },
  news: {
    late_bounce: "bounces",
    delay: "delays",
    arrival: "arrivals",
    complaint: "complaints",
    reply: "replies",
  },
  hint: "What the server refuses at once is always known. What happens later is learnt in one of these ways.",
  returnDomain: "Return addresses at this domain",
  returnDomainHint:
    "Bounces then come to this server instead of the sender's mailbox. The domain's MX must point at it, its SPF must allow your relay, and the relay must accept senders of this domain. Gmail and Microsoft 365 do not.",
  portClosed:
    "This server takes no mail: it was started without an SMTP port (--inbound). Bounces sent to these addresses are lost until it has one.",
  feedbackAddress: "Address for complaints",
  feedbackAddressHint: "Register it with feedback loops, such as Yahoo's, which send reports in ARF.",
  provider: "Calls of the provider",
  noProvider: "None",
  providerHint: "The provider tells us by a webhook what became of each message.",
  providers: {
    ses: "Amazon SES",
    sendgrid: "SendGrid",
    postmark: "Postmark",
    mailgun: "Mailgun",
    sparkpost: "SparkPost",
  },
  secrets: {
    ses: "ARN of the SNS topic",
    sendgrid: "Verification key",
    postmark: "Password",
    mailgun: "HTTP webhook signing key",
    sparkpost: "Password",
  },
  secretHints: {
    ses: "Publish bounces, complaints, deliveries and delays to an SNS topic, with the original headers, and subscribe the address below by HTTPS. The subscription confirms itself.",
    sendgrid:
      "Under Mail Settings › Event Webhook switch the signed webhook on, and copy its verification key.",
    postmark:
      "Postmark signs nothing. Choose a password of 16 letters or more, and enter it there as basic authentication, with any user name.",
    mailgun: "Under Sending › Webhooks, for all domains of the account.",
    sparkpost:
      "SparkPost signs nothing. Choose a password of 16 letters or more, and enter it there as basic authentication, with any user name.",
  },
  secretWrong: {
    ses: "The ARN of a topic looks like arn:aws:sns:eu-west-1:123456789012:events.",
    sendgrid: "A verification key is one long line, as a rule beginning with MFkw.",
  },
  url: "Address for the webhook",
  urlLater: "The address for the webhook is shown once this is saved.",
  urlUnreachable:
    "No provider can call this address: it leads to this computer or into a private network. It begins with the public address of this server (--public-url).",
  urlPlain:
    "The address is plain http: calls travel unprotected, and some providers make none. It begins with the public address of this server (--public-url).",
  calledAt: "Last called {{at}}",
  neverCalled: "Has not called yet",
  refusedAt: "A call was refused at {{at}}.",
  problems: {
    forged: "Its signature does not fit.",
    wrong_password: "The password was wrong or missing.",
    stale: "Its signature was not of today: do the clocks agree?",
    other_topic: "It was of another SNS topic than the one entered here.",
    too_large: "It was larger than 4 MB.",
    malformed: "It could not be understood.",
  },
  refusedSafe: "Nothing was changed by it.",
  refusedMend: "If the provider made it, enter here once more what stands there.",
  mailbox:
    "A mailbox of somebody who sends through this channel is connected: bounces and replies are found there.",
  noMailbox: "No mailbox of those who send through this channel is connected. Replies are found only there.",
  save: "Save",
  saved: "Saved how {{name}} learns what becomes of its mail",
} as const;
