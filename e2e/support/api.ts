import { type APIRequestContext, expect } from "@playwright/test";

/** The API with the session of a browser. */
export class Api {
  constructor(
    private readonly origin: string,
    private readonly request: APIRequestContext,
  ) {}

  // biome-ignore lint/suspicious/noExplicitAny: each caller knows the answer it asked for
  async get(path: string): Promise<any> {
    return this.call("GET", path);
  }

  // biome-ignore lint/suspicious/noExplicitAny: each caller knows the answer it asked for
  async post(path: string, data: object, version?: number): Promise<any> {
    return this.call("POST", path, data, version);
  }

  // biome-ignore lint/suspicious/noExplicitAny: each caller knows the answer it asked for
  async patch(path: string, data: object, version?: number): Promise<any> {
    return this.call("PATCH", path, data, version);
  }

  // biome-ignore lint/suspicious/noExplicitAny: each caller knows the answer it asked for
  async put(path: string, data: object): Promise<any> {
    return this.call("PUT", path, data);
  }

  async delete(path: string): Promise<void> {
    await this.call("DELETE", path);
  }

  private async call(method: string, path: string, data?: object, version?: number) {
    const headers: Record<string, string> = { Origin: this.origin };
    if (version !== undefined) headers["If-Match"] = `"${version}"`;
    const response = await this.request.fetch(`${this.origin}/api/v1${path}`, { method, data, headers });
    expect(response.ok(), `${method} ${path}: ${response.status()} ${await response.text()}`).toBe(true);
    return response.status() === 204 ? null : response.json();
  }
}
