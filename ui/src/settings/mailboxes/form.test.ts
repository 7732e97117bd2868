import { describe, expect, it } from "vitest";
import { fieldsOf, inputOf, withSecurity } from "./form";

const fields = { ...fieldsOf(null, "mia@north.example"), host: " imap.north.example " };

describe("the form of a mailbox", () => {
  it("begins with the address of whoever adds it", () => {
    expect(fields.username).toBe("mia@north.example");
  });

  it("follows the way of protection with the usual port and leaves a chosen one", () => {
    expect(withSecurity(fields, "starttls").port).toBe(143);
    expect(withSecurity({ ...fields, port: 1993 }, "starttls").port).toBe(1993);
  });

  it("sends no password that was not typed, and no folder that was not named", () => {
    const input = inputOf(fields);
    expect("password" in input).toBe(false);
    expect(input.sent_folder).toBeNull();
    expect(inputOf({ ...fields, password: " x " }).password).toBe(" x ");
  });

  it("is called by its host when nobody names it", () => {
    expect(inputOf(fields).name).toBe("imap.north.example");
  });
});
