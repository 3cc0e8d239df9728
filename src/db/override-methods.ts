/** The same object, but for these methods. */
export function overrideMethods<T extends object>(target: T, methods: Partial<T>): T {
  return new Proxy(target, {
    get(_target, property) {
      const value: unknown = Reflect.get(Object.hasOwn(methods, property) ? methods : target, property);
      return typeof value === 'function' ? value.bind(target) : value;
    },
  });
}
