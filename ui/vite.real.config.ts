import base from "./vite.config.ts";
const t = "http://127.0.0.1:4099";
export default { ...base, build: { ...base.build, outDir: "/tmp/ui-dist", emptyOutDir: true }, preview: { headers: { "Content-Security-Policy": "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data: blob: https: http:; font-src 'self' data:; connect-src 'self'; frame-src 'self'; manifest-src 'self'; form-action 'self'; base-uri 'none'; object-src 'none'; frame-ancestors 'none'" }, proxy: { "/api": t, "/o/": t, "/c/": t } } };
