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
    hint: "A retry works once there is room",
    text: "The mailbox had no room for more mail. A retry works once there is room again: perhaps now, perhaps in a few days.",
  },
  refused_as_spam: {
    title: "Refused as suspected spam",
    hint: "Their filter, not a person",
    text: "A filter took this message, or the server it came from, for spam. A retry may pass later. Written once more, shorter and with fewer links, it often passes.",
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
    hint: "Write it once more, with smaller files",
    text: "The server does not take messages of this size. Write it once more with smaller files, or with a link to them.",
  },
  sender_refused: {
    title: "Our own server refused the sender",
    hint: "Check the identity and its channel",
    text: "The server of the delivery channel does not let this address send. The recipient’s server was never asked. Check the identity and its channel in Settings, then retry.",
  },
  gave_up: {
    title: "Tried for long, then gave up",
    hint: "A retry starts over",
    text: "The message was tried again and again without success until its time was up.",
  },
  bad_address: {
    title: "The address cannot be right",
    hint: "Send it to another address",
    text: "No server accepts an address written like this. Send it to the right one.",
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
    title: "The address reaches nobody",
    hint: "An earlier email showed it",
    text: "An earlier email to this address was refused for good, or answered that they have left, so this one was not sent. If the address works again, an administrator can let mail go.",
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

/** What is said besides, where mail to the recipient is held back for another reason than the email's own. */
export const heldBack = {
  unsubscribed: {
    hint: "They have unsubscribed",
    text: "It cannot be sent again: this person has unsubscribed.",
  },
  address_bounced: {
    hint: "The address reaches nobody",
    text: "It cannot be sent again: an email showed that this address reaches nobody.",
  },
  complained: {
    hint: "They have reported spam",
    text: "It cannot be sent again: this person has reported an email as spam.",
  },
  blocked_domain: {
    hint: "An administrator blocked {{domain}}",
    text: "It cannot be sent again: an administrator blocked {{domain}}.",
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
