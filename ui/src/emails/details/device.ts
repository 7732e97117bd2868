const programs: [RegExp, string][] = [
  [/Thunderbird/, "Thunderbird"],
  [/Outlook/, "Outlook"],
  [/GoogleImageProxy/, "Gmail"],
  [/YahooMailProxy/, "Yahoo Mail"],
  [/Edg\//, "Edge"],
  [/Firefox\//, "Firefox"],
  [/Chrome\//, "Chrome"],
  [/AppleWebKit.*Version\/.*Safari/, "Safari"],
  [/AppleWebKit/, "Apple Mail"],
];

const systems: [RegExp, string][] = [
  [/iPhone/, "iPhone"],
  [/iPad/, "iPad"],
  [/Android/, "Android"],
  [/Windows/, "Windows"],
  [/Mac OS X|Macintosh/, "Mac"],
  [/Linux/, "Linux"],
];

/** "Outlook on Windows", as far as a user agent tells; brand names are the same in every language. */
export function deviceOf(userAgent: string): string | null {
  const program = programs.find(([pattern]) => pattern.test(userAgent))?.[1];
  const system = systems.find(([pattern]) => pattern.test(userAgent))?.[1];
  return [program, system].filter(Boolean).join(" · ") || null;
}
