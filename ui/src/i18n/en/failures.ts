/** Why an email did not get through: a title, a line for the list, and a sentence or two in its details. */

export const failures = {
  no_such_mailbox: {
    title: "No such mailbox",
    hint: "Their server does not know this address",
    text: "The server of {{domain}} says nobody there has this address. Sending again will not help until the address is right.",
  },
  no_such_domain: {
    title: "No such domain",
    hint: "Nobody receives mail at {{domain}}",
    text: "There is no mail server for {{domain}}. Check the part of the address after the @.",
  },
  mailbox_full: {
    title: "Mailbox is full",
    hint: "A retry may work now",
    text: "The mailbox has no room for more mail. It is worth trying again in a few days.",
  },
  refused_as_spam: {
    title: "Refused as suspected spam",
    hint: "Their filter, not a person",
    text: "A filter took this message for spam. A shorter text with fewer links often passes.",
  },
  refused_by_policy: {
    title: "Refused by their rules",
    hint: "Their server does not take this mail",
    text: "The server of {{domain}} has a rule against this message or its sender. Its own words say which.",
  },
  refused: {
    title: "Refused by their server",
    hint: "See what it said",
    text: "The server of {{domain}} did not take the message. Its own words say why.",
  },
  unresolved_field: {
    title: "A field has no value: {{field}}",
    hint: "Fill it in, then retry",
    text: "The message uses a field that is empty for this person, so it was not sent. Fill it in, then retry.",
  },
  channel_gone: {
    title: "The delivery channel is gone",
    hint: "Choose another channel, then retry",
    text: "The channel this email was to leave by was deleted. Give the identity another channel, then retry.",
  },
  identity_unverified: {
    title: "The sender is not verified",
    hint: "Verify the identity, then retry",
    text: "The address this email was to be sent from is not verified. Verify it in Settings, then retry.",
  },
  message_too_large: {
    title: "The message is too large",
    hint: "Smaller attachments will pass",
    text: "The server does not take messages of this size. Send smaller attachments, or a link to them.",
  },
  sender_refused: {
    title: "Our own server refused the sender",
    hint: "Check the channel in Settings",
    text: "The server of the delivery channel does not let this address send. The recipient was never asked.",
  },
  gave_up: {
    title: "Tried for long, then gave up",
    hint: "A retry starts over",
    text: "The message was tried again and again without success until its time was up.",
  },
  bad_address: {
    title: "The address cannot be right",
    hint: "Correct it, then retry",
    text: "No server accepts an address written like this.",
  },
  spam_complaint: {
    title: "Marked as spam",
    hint: "The recipient reported this email",
    text: "The recipient marked this email as spam. Writing again would hurt how your other mail is received.",
  },
  unsubscribed: {
    title: "Unsubscribed",
    hint: "They want no more mail",
    text: "This person unsubscribed before the email left, so it was not sent. An administrator can let mail go again, with a reason.",
  },
  address_bounced: {
    title: "The address bounced before",
    hint: "Their server refused it for good",
    text: "An earlier email to this address was refused for good, so this one was not sent. If the address works again, an administrator can let mail go.",
  },
  complained: {
    title: "Reported you as spam before",
    hint: "They complained of an earlier email",
    text: "This person reported an earlier email as spam, so this one was not sent. Writing again would hurt how your other mail is received.",
  },
  blocked_domain: {
    title: "Blocked domain: {{field}}",
    hint: "An administrator blocked it",
    text: "Nobody in the workspace writes to this domain. An administrator decides that in Settings › Blocked domains.",
  },
} as const;

/** What is said instead where an empty field is not one of the person. */
export const emptyIn = {
  sender: {
    hint: "Complete the identity, then retry",
    text: "The message uses a field of the sender that is empty, so it was not sent. Complete the identity, then retry.",
  },
  words: {
    hint: "Write it to a person, or without the field",
    text: "The message uses a field that nothing fills in, so it was not sent. Write it once more: to a person who has what is missing, or without the field.",
  },
} as const;
