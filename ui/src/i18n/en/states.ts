export const states = {
  loadAgain: "Load again",
  forAdministrator: "For your administrator",
  copy: "Copy",
  copied: "Copied",
  close: "Close",
  loading: "Loading",
  pageBroken: "This page stopped working",
  pageBrokenSafe: "Your emails are kept on the server and are safe. Loading the page again usually helps.",
  serverDown: "The server cannot answer right now",
  serverDownSafe:
    "Your emails are safe, and sending goes on as soon as it can. This page comes back by itself when the server does.",
  notFound: "There is nothing at this address",
  notFoundHint: "The link may be old, or what it led to was deleted.",
  toEmails: "Go to emails",
  undo: "Undo",
  tooLate: "It is too late to undo this",
} as const;
