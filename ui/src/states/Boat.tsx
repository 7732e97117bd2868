/** The calm illustration: a boat at the horizon, the sun low. */
export function CalmBoat() {
  return (
    <svg
      width="168"
      height="80"
      viewBox="0 8 168 80"
      fill="none"
      strokeLinecap="round"
      strokeWidth="1.6"
      aria-hidden="true"
    >
      <circle cx="84" cy="52" r="17" fill="#F2B93B" opacity=".9" />
      <rect x="0" y="53" width="168" height="43" fill="var(--qd-surface)" />
      <path d="M14 53h140" stroke="var(--qd-ink-3)" />
      <path d="M38 63h34m10 0h48M54 73h20m10 0h30M70 83h28" stroke="var(--qd-line-2)" />
      <path d="M122 53l4 5h16l5-5" stroke="var(--qd-ink-3)" fill="var(--qd-surface)" />
      <path d="M134 53V28" stroke="var(--qd-ink-3)" />
      <path d="M134.5 29h11v9h-11z" fill="var(--qd-marine-btn)" />
    </svg>
  );
}

/** The same boat under a red flag and wind: something failed. */
export function RoughBoat() {
  return (
    <svg
      width="168"
      height="72"
      viewBox="0 16 168 72"
      fill="none"
      strokeLinecap="round"
      strokeLinejoin="round"
      strokeWidth="1.6"
      aria-hidden="true"
    >
      <path d="M14 58h140" stroke="var(--qd-ink-3)" />
      <path d="M38 68h34m10 0h48M54 78h20m10 0h30" stroke="var(--qd-line-2)" />
      <path d="M66 58l6 9h26l7-9" fill="var(--qd-surface)" stroke="var(--qd-ink-3)" />
      <path d="M85 58V22" stroke="var(--qd-ink-3)" />
      <path d="M85 24l15 4-5 4 5 4-15 4" fill="var(--qd-coral-dot)" />
      <path d="M20 24c6-5 12-5 18 0s12 5 18 0M112 22c6-5 12-5 18 0s12 5 18 0" stroke="var(--qd-line-2)" />
    </svg>
  );
}
