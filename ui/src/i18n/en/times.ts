export const times = {
  justNow: "now",
  seconds: "{{count}} s",
  minutes: "{{count}} min",
  hours: "{{count}} h",
  hoursMinutes: "{{hours}} h {{minutes}} min",
  days_one: "{{count}} day",
  days_other: "{{count}} days",
  yesterday: "Yesterday",
  tomorrowAt: "Tomorrow {{time}}",
  tomorrowInSentence: "tomorrow {{time}}",
  in: "in {{duration}}",
  forYou: "{{time}} for you",
} as const;
