import base from "./vite.config.ts";
export default { ...base, root: "/work/main/ui", cacheDir: "/tmp/vite-real-cache", server: { proxy: { "/api": "http://127.0.0.1:4099", "/o/": "http://127.0.0.1:4099", "/c/": "http://127.0.0.1:4099" } } };
