const privateRanges = [
  /^127\./,
  /^10\./,
  /^192\.168\./,
  /^172\.(1[6-9]|2\d|3[01])\./,
  /^169\.254\./,
  /^100\.(6[4-9]|[7-9]\d|1[01]\d|12[0-7])\./,
  /^0\./,
  /^\[(::1?|f[cd][0-9a-f]{2}:.*|fe[89ab][0-9a-f]:.*)\]$/,
];

/** What keeps a provider elsewhere from calling an address, as far as the address itself tells. */
export function obstacleOf(url: string): "urlUnreachable" | "urlPlain" | null {
  const { hostname, protocol } = new URL(url);
  // A name without a dot, and these endings, mean something in one's own network only.
  const isOwnName =
    !hostname.startsWith("[") &&
    (!hostname.includes(".") || /\.(localhost|local|internal|lan)$/.test(hostname));
  if (isOwnName || privateRanges.some((range) => range.test(hostname))) return "urlUnreachable";
  return protocol === "http:" ? "urlPlain" : null;
}
