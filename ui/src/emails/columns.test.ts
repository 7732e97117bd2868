import { expect, test } from "vitest";
import { type ColumnId, columns, columnsOfFolder, fitColumns, sizeIn, templateOf } from "./columns";

const sizeOf = (id: ColumnId): number => columns[id].size;
const { shown } = columnsOfFolder.delivered;

test("with room every chosen column is shown", () => {
  expect(fitColumns(shown, sizeOf, 1200)).toEqual(shown);
});

test("sent leaves first and last activity last, and person, subject and activity never do", () => {
  expect(fitColumns(shown, sizeOf, 720)).toEqual(["person", "subject", "activity", "last"]);
  expect(fitColumns(shown, sizeOf, 300)).toEqual(["person", "subject", "activity"]);
});

test("beside the details on the smallest desk nothing of a row is cut off", () => {
  const width = 1280 - 232 - 480;
  const sizeBeside = (id: ColumnId): number => sizeIn(width, {}, id);
  for (const folder of Object.values(columnsOfFolder)) {
    const template = templateOf(fitColumns(folder.shown, sizeBeside, width), sizeBeside);
    const needed = [...template.matchAll(/\d+(?=px)/g)].reduce((sum, [pixels]) => sum + Number(pixels), 0);
    expect(needed, template).toBeLessThanOrEqual(width - 24);
  }
});

test("beside the details a failed email keeps its reason and gives up its subject", () => {
  const beside = fitColumns(columnsOfFolder.undelivered.shown, (id) => sizeIn(700, {}, id), 700);
  expect(beside).toEqual(["person", "reason", "status", "failed"]);
});

test("a narrow list draws narrower, unless somebody drew a width", () => {
  expect(sizeIn(700, {}, "person")).toBeLessThan(sizeIn(1200, {}, "person"));
  expect(sizeIn(700, { person: 300 }, "person")).toBe(300);
});

test("one column takes what is left", () => {
  expect(templateOf(["person", "subject"], sizeOf)).toBe("36px 214px minmax(180px, 1fr)");
  expect(templateOf(["person", "reason"], sizeOf)).toBe("36px 214px minmax(200px, 1fr)");
});
