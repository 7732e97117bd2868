/** Why an email waits: a title, and a second line beside it, whose figures stand first so that they are never cut off. */

export const waits = {
  undo_window: { title: "Sent by you just now", hint: "Leaves when the undo window ends" },
  your_time: { title: "Your time", hint: "Leaves by itself then", elsewhere: "{{clock}} in {{city}}" },
  limit_per_minute: {
    title: "Channel limit per minute",
    hint: "{{channel}} sends the next ones then",
    figure: "{{limit, number}} a minute through {{channel}}",
  },
  limit_per_day: {
    title: "Channel limit per day",
    hint: "{{channel}} has sent its share of today",
    figure: "{{limit, number}} a day through {{channel}}",
  },
  batch_pause: {
    title: "Batch pause",
    hint: "{{channel}} rests between batches",
    figure: "After every {{limit, number}}, {{channel}} rests",
  },
  limit_per_domain: {
    title: "Limit per recipient domain",
    hint: "{{domain}} has its share for now",
    perMinute: "{{minute, number}} a minute to {{domain}}",
    perDay: "{{day, number}} a day to {{domain}}",
    both: "{{minute, number}} a minute, {{day, number}} a day to {{domain}}",
    zero: "The limit is 0: nothing goes to {{domain}} until it is raised",
  },
  server_asked: { title: "The server asked us to wait", hint: "attempt {{attempt}}" },
  unreachable: { title: "Server not reached", hint: "attempt {{attempt}}" },
  channel_paused: { title: "Channel is paused", hint: "Resume {{channel}} in Settings" },
  clock_jumped: { title: "The server’s clock jumped", hint: "An administrator has to look" },
  ready: { title: "Next in line", hint: "Leaves in a moment" },
} as const;
