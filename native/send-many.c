/* Sends the same bytes on many sockets, one system call each, without leaving C in between. */
#define NAPI_VERSION 8
#include <errno.h>
#include <node_api.h>
#include <stdint.h>
#include <sys/socket.h>

#ifndef MSG_NOSIGNAL
#define MSG_NOSIGNAL 0
#endif

/**
 * sendMany(descriptors: Int32Array, count: number, bytes: Uint8Array, taken: Int32Array): boolean
 *
 * Writes into `taken` how many bytes each of the first `count` sockets took, 0 where it took none or has failed.
 * Returns true when all took everything.
 */
static napi_value send_many(napi_env env, napi_callback_info info) {
  size_t argc = 4;
  napi_value argv[4], result;
  void *descriptors, *bytes, *taken;
  size_t descriptors_length, length, taken_length;
  uint32_t count;
  napi_typedarray_type type;
  napi_value buffer;
  size_t offset;

  if (napi_get_cb_info(env, info, &argc, argv, NULL, NULL) != napi_ok || argc < 4 ||
      napi_get_typedarray_info(env, argv[0], &type, &descriptors_length, &descriptors, &buffer, &offset) != napi_ok ||
      type != napi_int32_array || napi_get_value_uint32(env, argv[1], &count) != napi_ok ||
      napi_get_typedarray_info(env, argv[2], &type, &length, &bytes, &buffer, &offset) != napi_ok ||
      type != napi_uint8_array ||
      napi_get_typedarray_info(env, argv[3], &type, &taken_length, &taken, &buffer, &offset) != napi_ok ||
      type != napi_int32_array || count > descriptors_length || count > taken_length) {
    napi_throw_type_error(env, NULL, "sendMany(Int32Array, count, Uint8Array, Int32Array)");
    return NULL;
  }
  int all = 1;
  for (uint32_t i = 0; i < count; i++) {
    ssize_t sent;
    do sent = send(((int32_t *)descriptors)[i], bytes, length, MSG_DONTWAIT | MSG_NOSIGNAL);
    while (sent < 0 && errno == EINTR);
    ((int32_t *)taken)[i] = sent < 0 ? 0 : (int32_t)sent;
    if (sent < 0 || (size_t)sent < length) all = 0;
  }
  return napi_get_boolean(env, all, &result) == napi_ok ? result : NULL;
}

NAPI_MODULE_INIT() {
  napi_value function;
  if (napi_create_function(env, "sendMany", NAPI_AUTO_LENGTH, send_many, NULL, &function) != napi_ok ||
      napi_set_named_property(env, exports, "sendMany", function) != napi_ok)
    return NULL;
  return exports;
}
