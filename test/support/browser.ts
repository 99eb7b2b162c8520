import { existsSync } from "node:fs";
import { delimiter, join } from "node:path";
import puppeteer, { type Browser, type KeyInput, type Page as Tab } from "puppeteer-core";

const NAMES = ["chromium", "chromium-browser", "google-chrome", "chrome"];

/** The browser of this machine; `undefined` where there is none. */
export function findBrowser(): string | undefined {
  const folders = (process.env.PATH ?? "").split(delimiter);
  return folders.flatMap((folder) => NAMES.map((name) => join(folder, name))).find(existsSync);
}

/** A page in a headless browser, driven over pipes: no port is opened. */
export class Page {
  /** Whatever the page complained about. */
  readonly complaints: string[] = [];
  /** URLs that the page asked for. */
  readonly requests: string[] = [];

  private constructor(
    private readonly browser: Browser,
    private readonly tab: Tab,
  ) {
    tab.on("pageerror", (error) => this.complaints.push(String(error)));
    tab.on("console", (message) => {
      if (message.type() === "error" || message.type() === "warn") this.complaints.push(message.text());
    });
    tab.on("request", (request) => this.requests.push(request.url()));
  }

  static async open(executablePath: string): Promise<Page> {
    const browser = await puppeteer.launch({ executablePath, pipe: true, args: ["--no-sandbox", "--disable-gpu"] });
    return new Page(browser, await browser.newPage());
  }

  /** Opens a URL at a size, and waits until it is loaded. */
  async goto(url: string, width: number, colors: "light" | "dark"): Promise<void> {
    await this.tab.setViewport({ width, height: 900 });
    await this.tab.emulateMediaFeatures([{ name: "prefers-color-scheme", value: colors }]);
    await this.tab.goto(url, { waitUntil: "load" });
  }

  /** Value of an expression in the page. */
  async evaluate(expression: string): Promise<unknown> {
    return this.tab.evaluate(expression);
  }

  /** Presses a key, as a person would. */
  async press(key: KeyInput): Promise<void> {
    await this.tab.keyboard.press(key);
  }

  async close(): Promise<void> {
    await this.browser.close();
  }
}
