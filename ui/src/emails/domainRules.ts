import type { DomainRule } from "../api/types";

/** The rule of a channel for this recipient domain: its own, or that for every domain without one. */
export function ruleFor(domain: string, rules: DomainRule[]): DomainRule | null {
  const asked = inOneSpelling(domain);
  const own = rules.find((rule) => inOneSpelling(rule.domain) === asked);
  return own ?? rules.find((rule) => rule.domain === "*") ?? null;
}

/** A domain as servers spell it, however it was written down: both may have been as people read it. */
function inOneSpelling(domain: string): string {
  const url = `http://${domain}`;
  return URL.canParse(url) ? new URL(url).hostname : domain;
}
