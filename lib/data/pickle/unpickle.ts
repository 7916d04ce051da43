import { DataError } from '../../errors/index.js';
import { describe } from '../../util/describe.js';
import { call, GLOBALS, type Machine, setState } from './numpy.js';
import { kindOf, PickleGlobal, type PickleList, type PickleValue, textOf } from './values.js';

/** A batch of CIFAR-10 takes some 100 000; whatever a hostile file asks for, it ends after so many. */
const MOST_INSTRUCTIONS = 2 ** 20;
const MOST_NAME = 100;
const DAMAGED = 'The file is damaged or not a pickle of plain data.';

/**
 * Reads a pickle of plain data: dicts, lists, tuples, strings, bytes, integers and numpy arrays of numbers, protocols 2
 * to 5. A pickle is a program for a stack machine; this machine knows only the instructions such data needs (numbered
 * as in CPython's `pickletools`), and a name in the file is looked up in a short list, never imported or run. Memory
 * and time are bounded by a multiple of the file's size.
 *
 * @param path names the file in messages
 * @throws DataError naming the file, the byte, what was expected there and what was found
 */
export function unpickle(path: string, bytes: Uint8Array): PickleValue {
  return new Unpickler(path, bytes).run();
}

class Unpickler implements Machine {
  /** What each instruction does, by its opcode. */
  static readonly #instructions: ReadonlyMap<number, (machine: Unpickler) => void> = new Map<
    number,
    (machine: Unpickler) => void
  >([
    [0x80, (m) => m.#protocol()], // PROTO
    [0x95, (m) => m.#frame()], // FRAME
    [0x28, (m) => m.#marks.push(m.#stack.length)], // MARK
    [0x4e, (m) => m.#push(null)], // NONE
    [0x88, (m) => m.#push(true)], // NEWTRUE
    [0x89, (m) => m.#push(false)], // NEWFALSE
    [0x4b, (m) => m.#push(m.#unsigned(1))], // BININT1
    [0x4d, (m) => m.#push(m.#unsigned(2))], // BININT2
    [0x4a, (m) => m.#push(m.#unsigned(4) | 0)], // BININT
    [0x8a, (m) => m.#push(m.#long(m.#unsigned(1)))], // LONG1
    [0x55, (m) => m.#push(m.#take(m.#unsigned(1)))], // SHORT_BINSTRING: a string of Python 2 is bytes
    [0x43, (m) => m.#push(m.#take(m.#unsigned(1)))], // SHORT_BINBYTES
    [0x54, (m) => m.#push(m.#take(m.#unsigned(4)))], // BINSTRING
    [0x42, (m) => m.#push(m.#take(m.#unsigned(4)))], // BINBYTES
    [0x8e, (m) => m.#push(m.#take(m.#length()))], // BINBYTES8
    [0x96, (m) => m.#push(m.#take(m.#length()))], // BYTEARRAY8
    [0x8c, (m) => m.#push(m.#text(m.#unsigned(1)))], // SHORT_BINUNICODE
    [0x58, (m) => m.#push(m.#text(m.#unsigned(4)))], // BINUNICODE
    [0x8d, (m) => m.#push(m.#text(m.#length()))], // BINUNICODE8
    [0x5d, (m) => m.#push([])], // EMPTY_LIST
    [0x29, (m) => m.#push([])], // EMPTY_TUPLE
    [0x61, (m) => m.#append([m.#pop()])], // APPEND
    [0x65, (m) => m.#append(m.#popToMark())], // APPENDS
    [0x85, (m) => m.#push(m.#popMany(1))], // TUPLE1
    [0x86, (m) => m.#push(m.#popMany(2))], // TUPLE2
    [0x87, (m) => m.#push(m.#popMany(3))], // TUPLE3
    [0x74, (m) => m.#push(m.#popToMark())], // TUPLE
    [0x7d, (m) => m.#push(new Map())], // EMPTY_DICT
    [0x73, (m) => m.#setItems(m.#popMany(2))], // SETITEM
    [0x75, (m) => m.#setItems(m.#popToMark())], // SETITEMS
    [0x71, (m) => m.#put(m.#unsigned(1))], // BINPUT
    [0x72, (m) => m.#put(m.#unsigned(4))], // LONG_BINPUT
    [0x94, (m) => m.#put(m.#memo.size)], // MEMOIZE
    [0x68, (m) => m.#get(m.#unsigned(1))], // BINGET
    [0x6a, (m) => m.#get(m.#unsigned(4))], // LONG_BINGET
    [0x63, (m) => m.#global(m.#line(), m.#line())], // GLOBAL
    [0x93, (m) => m.#global(...(m.#popMany(2) as [PickleValue, PickleValue]))], // STACK_GLOBAL
    [0x52, (m) => m.#reduce()], // REDUCE
    [0x62, (m) => m.#build()], // BUILD
  ]);

  readonly #path: string;
  readonly #bytes: Uint8Array;
  readonly #view: DataView;
  readonly #utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
  readonly #stack: PickleValue[] = [];
  /** Heights of the stack at each MARK. */
  readonly #marks: number[] = [];
  readonly #memo = new Map<number, PickleValue>();
  #at = 0;
  /** Where the instruction at work begins. */
  #start = 0;
  /** Bytes that may still be copied: several times what an honest file needs. */
  #allowance: number;

  constructor(path: string, bytes: Uint8Array) {
    this.#path = path;
    // A Buffer is a Uint8Array whose slice() and toString() differ: values are to be of the plain kind.
    this.#bytes = new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.length);
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
    this.#allowance = 4 * bytes.length;
  }

  run(): PickleValue {
    for (let count = 0; count < MOST_INSTRUCTIONS; count++) {
      this.#start = this.#at;
      const opcode = this.#unsigned(1);
      if (opcode === 0x2e) return this.#stop();
      const instruction = Unpickler.#instructions.get(opcode);
      if (!instruction) this.fail('an instruction for plain data', `0x${opcode.toString(16).padStart(2, '0')}`);
      instruction(this);
    }
    return this.fail(`at most ${MOST_INSTRUCTIONS} instructions`, 'more');
  }

  fail(expected: string, received: string): never {
    throw new DataError(`${this.#path}: expected ${expected} at byte ${this.#start}, received ${received}. ${DAMAGED}`);
  }

  charge(bytes: number): void {
    this.#allowance -= bytes;
    if (this.#allowance < 0) this.fail(`copies of at most ${4 * this.#bytes.length} bytes altogether`, 'more');
  }

  #stop(): PickleValue {
    const value = this.#pop();
    this.#start = this.#at;
    if (this.#at < this.#bytes.length) this.fail('the end of the file', 'more bytes');
    return value;
  }

  #protocol(): void {
    const version = this.#unsigned(1);
    if (version < 2 || version > 5) this.fail('a protocol from 2 to 5', String(version));
  }

  /** Tells how much to read ahead: only that it is there matters. */
  #frame(): void {
    const length = this.#length();
    const begin = this.#at;
    this.#take(length);
    this.#at = begin;
  }

  /** The next bytes, in place. */
  #take(length: number): Uint8Array {
    const end = this.#at + length;
    if (end > this.#bytes.length)
      this.fail(`${length} more bytes`, `the end of the file at byte ${this.#bytes.length}`);
    const bytes = this.#bytes.subarray(this.#at, end);
    this.#at = end;
    return bytes;
  }

  #unsigned(bytes: 1 | 2 | 4): number {
    const at = this.#at;
    this.#take(bytes);
    if (bytes === 1) return this.#view.getUint8(at);
    return bytes === 2 ? this.#view.getUint16(at, true) : this.#view.getUint32(at, true);
  }

  #length(): number {
    const at = this.#at;
    this.#take(8);
    return Number(this.#view.getBigUint64(at, true));
  }

  /** A whole number of that many bytes, two's complement. */
  #long(length: number): number {
    if (length > 8) this.fail('an integer of at most 8 bytes', `one of ${length}`);
    let value = 0n;
    for (const [i, byte] of this.#take(length).entries()) value |= BigInt(byte) << BigInt(8 * i);
    const number = Number(BigInt.asIntN(8 * length, value));
    return Number.isSafeInteger(number) ? number : this.fail('an integer below 2^53', String(number));
  }

  #text(length: number): string {
    const bytes = this.#take(length);
    try {
      return this.#utf8.decode(bytes);
    } catch {
      return this.fail('a string in UTF-8', 'other bytes');
    }
  }

  /** The text up to the end of the line. */
  #line(): string {
    const end = this.#bytes.subarray(this.#at, this.#at + MOST_NAME + 1).indexOf(0x0a);
    if (end < 0) return this.fail(`the name of a module or class, of at most ${MOST_NAME} bytes`, 'no end of a line');
    const text = this.#text(end);
    this.#at++;
    return text;
  }

  #push(value: PickleValue): void {
    this.#stack.push(value);
  }

  /** Height of the stack that instructions may not go below. */
  #floor(): number {
    return this.#marks.at(-1) ?? 0;
  }

  #pop(): PickleValue {
    return this.#popMany(1)[0] as PickleValue;
  }

  #popMany(count: number): PickleList {
    if (this.#stack.length - count < this.#floor()) this.fail(`${count} values on the stack`, 'fewer');
    return this.#stack.splice(this.#stack.length - count);
  }

  #popToMark(): PickleList {
    const mark = this.#marks.pop();
    return mark === undefined ? this.fail('a mark on the stack', 'none') : this.#stack.splice(mark);
  }

  #top(): PickleValue | undefined {
    return this.#stack.length > this.#floor() ? this.#stack.at(-1) : undefined;
  }

  #append(values: PickleList): void {
    const list = this.#top();
    if (!Array.isArray(list)) this.fail('a list to append to', kindOf(list));
    for (const value of values) list.push(value);
  }

  #setItems(items: PickleList): void {
    const dict = this.#top();
    if (!(dict instanceof Map)) this.fail('a dict to put items into', kindOf(dict));
    if (items.length % 2 !== 0) this.fail('a value for each key of a dict', 'a key alone');
    for (let i = 0; i < items.length; i += 2) dict.set(this.#key(items[i]), items[i + 1] as PickleValue);
  }

  #key(key: PickleValue | undefined): string {
    if (key instanceof Uint8Array) this.charge(key.length);
    return textOf(key) ?? this.fail('a string for the key of a dict', kindOf(key));
  }

  #put(index: number): void {
    const value = this.#top();
    if (value === undefined) this.fail('a value to remember', 'none');
    this.#memo.set(index, value);
  }

  #get(index: number): void {
    const value = this.#memo.get(index);
    if (value === undefined) this.fail('a value remembered before', `number ${index}, which is none`);
    this.#push(value);
  }

  #global(module: PickleValue, name: PickleValue): void {
    if (typeof module !== 'string' || typeof name !== 'string') {
      this.fail('two strings for a name', `${kindOf(module)}, ${kindOf(name)}`);
    }
    // Cut before they are joined: the same long string may be named a million times.
    const full = `${module.slice(0, MOST_NAME)}.${name.slice(0, MOST_NAME)}`;
    if (!GLOBALS.has(full)) this.#refuse(full);
    this.#push(new PickleGlobal(full));
  }

  #refuse(name: string): never {
    throw new DataError(
      `${this.#path}: expected only names of plain data and numpy arrays, received ${describe(name)} at byte ` +
        `${this.#start}. A pickle may run any code, so none is run: write the data in another form, such as CIFAR-10's ` +
        'binary version.',
    );
  }

  #reduce(): void {
    const [callee, args] = this.#popMany(2);
    this.#push(call(this, callee, args));
  }

  #build(): void {
    const [value, state] = this.#popMany(2) as [PickleValue, PickleValue];
    setState(this, value, state);
    this.#push(value);
  }
}
