const KINDS = {
  script: /<script\b|<[^>]*\son[a-z]+\s*=|javascript:/iu,
  iframe: /<(?:iframe|frame|object|embed|applet)\b/iu,
  form: /<(?:form|input|button|select|textarea)\b/iu,
} as const;

/** What pasted HTML brings along that never goes into an email. */
export function unsafeKinds(html: string): string[] {
  return Object.entries(KINDS)
    .filter(([, pattern]) => pattern.test(html))
    .map(([kind]) => kind);
}
