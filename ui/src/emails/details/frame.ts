import inter from "@fontsource-variable/inter/files/inter-latin-opsz-normal.woff2?url";

/** Images that a message may ask for: everybody's, or only those that came with it. */
export type Images = "all" | "own";

const sources: Record<Images, string> = { all: "'self' data: https: http:", own: "'self' data:" };

/** The document around a message: no scripts, no forms, links in a new tab, the colours of the page. */
export function framed(
  html: string,
  page: Pick<CSSStyleDeclaration, "getPropertyValue">,
  images: Images,
): string {
  const policy = `default-src 'none'; img-src ${sources[images]}; style-src 'unsafe-inline'; font-src 'self'`;
  const colour = (token: string): string => page.getPropertyValue(token).trim();
  return `<!doctype html>
<html>
  <head>
    <meta charset="utf-8">
    <meta http-equiv="Content-Security-Policy" content="${policy}">
    <meta name="referrer" content="no-referrer">
    <base target="_blank">
    <style>
      @font-face { font-family: "Inter Variable"; src: url(${inter}) format("woff2"); font-weight: 100 900;
                   font-display: swap; }
      html { overflow: hidden; }
      body { margin: 0; padding: 12px 14px 16px; overflow-wrap: anywhere;
             font: 13px/20px "Inter Variable", system-ui, sans-serif;
             color: ${colour("--qd-ink")}; background: ${colour("--qd-surface")}; }
      p { margin: 0 0 8px; }
      a { color: ${colour("--qd-marine")}; }
      img { max-width: 100%; height: auto; }
      blockquote { margin: 8px 0; padding-left: 12px; border-left: 2px solid ${colour("--qd-line-2")}; color: ${colour("--qd-ink-3")}; }
      pre { white-space: pre-wrap; }
      table { max-width: 100%; }
    </style>
  </head>
  <body>${html}</body>
</html>`;
}
