/*
 * Preloaded into a process, it writes down everything that the process does to the files of one directory, in the order
 * in which it happened, and what the process says on its standard output in between. power-cut.ts makes of it the disk
 * as it could be found after a power cut at any instant of that life.
 *
 * Syncing does nothing here but being written down: what it promises is decided when the record is played back.
 *
 *   POWER_CUT_DIRECTORY  the directory, without links in its path
 *   POWER_CUT_RECORD     where the record is appended
 *   POWER_CUT_END        once this file is there the process kills itself, between two deeds: a signal from outside could
 *                        come after a deed and before its record
 *
 * One record: kind, length of path, length of second path (uint32), inode, offset, length of data (uint64), the paths,
 * the data; all in the machine's byte order.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <unistd.h>

enum kind { OPENED = 1, WRITTEN, TRUNCATED, SYNCED, SYNCED_DIRECTORY, RENAMED, UNLINKED, MADE_DIRECTORY, SAID };

struct head {
  uint32_t kind, path_length, second_length;
  uint32_t reserved;
  uint64_t inode, offset, length;
};

static pthread_mutex_t one_at_a_time = PTHREAD_MUTEX_INITIALIZER;
static int record_descriptor = -1;
static const char *directory;
static size_t directory_length;

#define REAL(result, name, ...)                                      \
  static result (*real)(__VA_ARGS__);                                \
  if (!real) real = (result(*)(__VA_ARGS__))dlsym(RTLD_NEXT, #name)

static void *end_when_told(void *end) {
  while (access(end, F_OK) != 0) usleep(1000);
  pthread_mutex_lock(&one_at_a_time);
  kill(getpid(), SIGKILL);
  return NULL;
}

__attribute__((constructor)) static void begin(void) {
  directory = getenv("POWER_CUT_DIRECTORY");
  const char *record = getenv("POWER_CUT_RECORD");
  char *end = getenv("POWER_CUT_END");
  if (!directory || !record || !end) abort();
  directory_length = strlen(directory);
  int (*real_open)(const char *, int, ...) = (int (*)(const char *, int, ...))dlsym(RTLD_NEXT, "open");
  record_descriptor = real_open(record, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
  pthread_t watcher;
  if (record_descriptor < 0 || pthread_create(&watcher, NULL, end_when_told, end) != 0) abort();
}

/* The index of a write-ahead log is shared memory, not content: SQLite makes it anew when it opens after a crash. */
static int is_index(const char *path) {
  size_t length = strlen(path);
  return length > 4 && strcmp(path + length - 4, "-shm") == 0;
}

static int is_ours(const char *path) {
  return record_descriptor >= 0 && strncmp(path, directory, directory_length) == 0 &&
         (path[directory_length] == '/' || path[directory_length] == 0) && !is_index(path);
}

/* Where the descriptor's file is now; 0 when it is none of ours. */
static int path_of(int descriptor, char *path, size_t size) {
  char link[64];
  snprintf(link, sizeof link, "/proc/self/fd/%d", descriptor);
  ssize_t length = readlink(link, path, size - 1);
  if (length < 0) return 0;
  path[length] = 0;
  return is_ours(path);
}

static void append(enum kind kind, uint64_t inode, const char *path, const char *second, uint64_t offset,
                   const void *data, size_t length) {
  REAL(ssize_t, writev, int, const struct iovec *, int);
  struct head head = {kind, (uint32_t)strlen(path), (uint32_t)strlen(second), 0, inode, offset, length};
  struct iovec parts[] = {{&head, sizeof head},
                          {(void *)path, head.path_length},
                          {(void *)second, head.second_length},
                          {(void *)data, length}};
  ssize_t wanted = (ssize_t)(sizeof head + head.path_length + head.second_length + length);
  if (real(record_descriptor, parts, 4) != wanted) abort();
}

static uint64_t inode_of(int descriptor) {
  struct stat about;
  return fstat(descriptor, &about) == 0 ? about.st_ino : 0;
}

/* Opening. */

static int note_opened(int descriptor, int flags) {
  char path[4096];
  if (descriptor >= 0 && (flags & (O_CREAT | O_TRUNC)) && path_of(descriptor, path, sizeof path)) {
    uint64_t inode = inode_of(descriptor);
    append(OPENED, inode, path, "", 0, NULL, 0);
    if (flags & O_TRUNC) append(TRUNCATED, inode, path, "", 0, NULL, 0);
  }
  return descriptor;
}

#define OPEN(name)                                            \
  int name(const char *path, int flags, ...) {                \
    REAL(int, name, const char *, int, ...);                  \
    va_list rest;                                             \
    va_start(rest, flags);                                    \
    mode_t mode = va_arg(rest, mode_t);                       \
    va_end(rest);                                             \
    pthread_mutex_lock(&one_at_a_time);                       \
    int descriptor = note_opened(real(path, flags, mode), flags); \
    int error = errno;                                        \
    pthread_mutex_unlock(&one_at_a_time);                     \
    errno = error;                                            \
    return descriptor;                                        \
  }
OPEN(open)
OPEN(open64)

#define OPENAT(name)                                          \
  int name(int at, const char *path, int flags, ...) {        \
    REAL(int, name, int, const char *, int, ...);             \
    va_list rest;                                             \
    va_start(rest, flags);                                    \
    mode_t mode = va_arg(rest, mode_t);                       \
    va_end(rest);                                             \
    pthread_mutex_lock(&one_at_a_time);                       \
    int descriptor = note_opened(real(at, path, flags, mode), flags); \
    int error = errno;                                        \
    pthread_mutex_unlock(&one_at_a_time);                     \
    errno = error;                                            \
    return descriptor;                                        \
  }
OPENAT(openat)
OPENAT(openat64)

/* Writing. */

static void note_written(int descriptor, const struct iovec *parts, int count, off_t offset, ssize_t written) {
  char path[4096];
  int is_said = descriptor == STDOUT_FILENO;
  if (written <= 0 || (!is_said && !path_of(descriptor, path, sizeof path))) return;
  uint64_t inode = is_said ? 0 : inode_of(descriptor);
  for (int index = 0; index < count && written > 0; index++) {
    size_t length = parts[index].iov_len < (size_t)written ? parts[index].iov_len : (size_t)written;
    if (is_said) append(SAID, 0, "", "", 0, parts[index].iov_base, length);
    else append(WRITTEN, inode, path, "", (uint64_t)offset, parts[index].iov_base, length);
    offset += (off_t)length;
    written -= (ssize_t)length;
  }
}

static ssize_t noting(int descriptor, const struct iovec *parts, int count, off_t offset, ssize_t written) {
  int error = errno;
  note_written(descriptor, parts, count, offset, written);
  errno = error;
  return written;
}

ssize_t write(int descriptor, const void *data, size_t length) {
  REAL(ssize_t, write, int, const void *, size_t);
  pthread_mutex_lock(&one_at_a_time);
  struct iovec part = {(void *)data, length};
  off_t offset = lseek(descriptor, 0, SEEK_CUR);
  ssize_t written = noting(descriptor, &part, 1, offset, real(descriptor, data, length));
  pthread_mutex_unlock(&one_at_a_time);
  return written;
}

ssize_t writev(int descriptor, const struct iovec *parts, int count) {
  REAL(ssize_t, writev, int, const struct iovec *, int);
  pthread_mutex_lock(&one_at_a_time);
  off_t offset = lseek(descriptor, 0, SEEK_CUR);
  ssize_t written = noting(descriptor, parts, count, offset, real(descriptor, parts, count));
  pthread_mutex_unlock(&one_at_a_time);
  return written;
}

#define PWRITE(name, offset_type)                                                               \
  ssize_t name(int descriptor, const void *data, size_t length, offset_type offset) {           \
    REAL(ssize_t, name, int, const void *, size_t, offset_type);                                \
    pthread_mutex_lock(&one_at_a_time);                                                         \
    struct iovec part = {(void *)data, length};                                                 \
    ssize_t written = noting(descriptor, &part, 1, offset, real(descriptor, data, length, offset)); \
    pthread_mutex_unlock(&one_at_a_time);                                                       \
    return written;                                                                             \
  }
PWRITE(pwrite, off_t)
PWRITE(pwrite64, off64_t)

#define PWRITEV(name, offset_type)                                                                     \
  ssize_t name(int descriptor, const struct iovec *parts, int count, offset_type offset) {             \
    REAL(ssize_t, name, int, const struct iovec *, int, offset_type);                                  \
    pthread_mutex_lock(&one_at_a_time);                                                                \
    ssize_t written = noting(descriptor, parts, count, offset, real(descriptor, parts, count, offset)); \
    pthread_mutex_unlock(&one_at_a_time);                                                              \
    return written;                                                                                    \
  }
PWRITEV(pwritev, off_t)
PWRITEV(pwritev64, off64_t)

/* Copying inside of the kernel is declined, so that it is done by reading and writing. */
ssize_t copy_file_range(int in, off64_t *in_at, int out, off64_t *out_at, size_t length, unsigned flags) {
  (void)in, (void)in_at, (void)out, (void)out_at, (void)length, (void)flags;
  errno = ENOSYS;
  return -1;
}

#define TRUNCATE(name, offset_type)                                             \
  int name(int descriptor, offset_type size) {                                  \
    REAL(int, name, int, offset_type);                                          \
    char path[4096];                                                            \
    pthread_mutex_lock(&one_at_a_time);                                         \
    int result = real(descriptor, size);                                        \
    int error = errno;                                                          \
    if (result == 0 && path_of(descriptor, path, sizeof path))                  \
      append(TRUNCATED, inode_of(descriptor), path, "", (uint64_t)size, NULL, 0); \
    pthread_mutex_unlock(&one_at_a_time);                                       \
    errno = error;                                                              \
    return result;                                                              \
  }
TRUNCATE(ftruncate, off_t)
TRUNCATE(ftruncate64, off64_t)

/* Syncing. */

#define SYNC(name)                                                                                  \
  int name(int descriptor) {                                                                        \
    REAL(int, name, int);                                                                           \
    char path[4096];                                                                                \
    struct stat about;                                                                              \
    pthread_mutex_lock(&one_at_a_time);                                                             \
    int is_noted = path_of(descriptor, path, sizeof path) && fstat(descriptor, &about) == 0;        \
    if (is_noted) append(S_ISDIR(about.st_mode) ? SYNCED_DIRECTORY : SYNCED, about.st_ino, path, "", 0, NULL, 0); \
    pthread_mutex_unlock(&one_at_a_time);                                                           \
    return is_noted ? 0 : real(descriptor);                                                         \
  }
SYNC(fsync)
SYNC(fdatasync)

/* Names. */

static int note_name(int result, enum kind kind, const char *path, const char *second) {
  int error = errno;
  if (result == 0 && (is_ours(path) || (*second && is_ours(second)))) append(kind, 0, path, second, 0, NULL, 0);
  errno = error;
  return result;
}

int rename(const char *from, const char *to) {
  REAL(int, rename, const char *, const char *);
  pthread_mutex_lock(&one_at_a_time);
  int result = note_name(real(from, to), RENAMED, from, to);
  pthread_mutex_unlock(&one_at_a_time);
  return result;
}

#define NAMING(name, kind)                                 \
  int name(const char *path) {                             \
    REAL(int, name, const char *);                         \
    pthread_mutex_lock(&one_at_a_time);                    \
    int result = note_name(real(path), kind, path, "");    \
    pthread_mutex_unlock(&one_at_a_time);                  \
    return result;                                         \
  }
NAMING(unlink, UNLINKED)
NAMING(remove, UNLINKED)
NAMING(rmdir, UNLINKED)

int mkdir(const char *path, mode_t mode) {
  REAL(int, mkdir, const char *, mode_t);
  pthread_mutex_lock(&one_at_a_time);
  int result = note_name(real(path, mode), MADE_DIRECTORY, path, "");
  pthread_mutex_unlock(&one_at_a_time);
  return result;
}
