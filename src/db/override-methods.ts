/** A proxy of the object in which these methods replace its own. The object itself is not changed. */
export function overrideMethods<T extends object>(target: T, methods: Partial<T>): T {
  return new Proxy(target, {
    get(_target, property) {
      const value: unknown = Reflect.get(Object.hasOwn(methods, property) ? methods : target, property);
      return typeof value === 'function' ? value.bind(target) : value;
    },
  });
}
