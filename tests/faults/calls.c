/* Loaded before libc: counts the calls that change files under one folder, notes each in order,
   lets the chosen one fail. */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

static char folder[PATH_MAX];
static size_t folder_length;
static int fail_at, for_good, notes = -1, count;

void faults_arm(const char *under, int nth, int and_all_after, int notes_fd) {
    folder_length = strlen(under);
    memcpy(folder, under, folder_length + 1);
    fail_at = nth, for_good = and_all_after, notes = notes_fd, count = 0;
}

int faults_count(void) { return count; }

static int under(const char *path) {
    if (!folder_length || strncmp(path, folder, folder_length)) return 0;
    return path[folder_length] == '/' || !path[folder_length];
}

static int under_fd(int fd, char *path) {
    char link[32];
    if (!folder_length) return 0;
    snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
    ssize_t length = syscall(SYS_readlinkat, AT_FDCWD, link, path, PATH_MAX - 1);
    if (length < 0) return 0;
    path[length] = 0;
    return under(path);
}

static int fails(void) {
    count++;
    if (!fail_at || count < fail_at || (count > fail_at && !for_good)) return 0;
    errno = ENOSPC;
    return 1;
}

/* Head: what, inode, offset or length, and the lengths of the two texts that follow: path and data,
   or two paths. */
static void note(char what, uint64_t inode, uint64_t offset, const char *path, const void *data,
                 uint64_t length) {
    if (notes < 0) return;
    uint64_t head[5] = {(uint64_t)what, inode, offset, strlen(path), length};
    syscall(SYS_write, notes, head, sizeof head);
    syscall(SYS_write, notes, path, strlen(path));
    syscall(SYS_write, notes, data, length);
}

static uint64_t inode_of(int fd) {
    struct stat found;
    return fstat(fd, &found) ? 0 : found.st_ino;
}

static int opened(int at, const char *path, int flags, mode_t mode) {
    struct stat found;
    int stands = 1, watched = at == AT_FDCWD && under(path) && (flags & (O_CREAT | O_TRUNC));
    if (watched) {
        stands = stat(path, &found) == 0;
        if ((!stands || (flags & O_TRUNC)) && fails()) return -1;
    }
    int fd = syscall(SYS_openat, at, path, flags, mode);
    if (watched && fd >= 0) {
        if (!stands) note('c', inode_of(fd), 0, path, "", 0);
        else if (flags & O_TRUNC) note('t', inode_of(fd), 0, path, "", 0);
    }
    return fd;
}

#define MODE(last) mode_t mode = 0; if (flags & (O_CREAT | O_TMPFILE)) { \
    va_list more; va_start(more, last); mode = va_arg(more, mode_t); va_end(more); }
int open(const char *path, int flags, ...) {
    MODE(flags) return opened(AT_FDCWD, path, flags, mode);
}
int open64(const char *path, int flags, ...) {
    MODE(flags) return opened(AT_FDCWD, path, flags, mode);
}
int openat(int at, const char *path, int flags, ...) {
    MODE(flags) return opened(at, path, flags, mode);
}
int openat64(int at, const char *path, int flags, ...) {
    MODE(flags) return opened(at, path, flags, mode);
}

static ssize_t written(int fd, const void *data, size_t length, off_t offset, int here) {
    char path[PATH_MAX];
    int watched = under_fd(fd, path);
    struct stat found;
    if (watched) {
        if (fails()) return -1;
        if (here && fcntl(fd, F_GETFL) & O_APPEND && !fstat(fd, &found)) offset = found.st_size;
        else if (here) offset = lseek(fd, 0, SEEK_CUR);
    }
    ssize_t done = here ? syscall(SYS_write, fd, data, length)
                        : syscall(SYS_pwrite64, fd, data, length, offset);
    if (watched && done > 0) note('w', inode_of(fd), offset, path, data, done);
    return done;
}

ssize_t write(int fd, const void *data, size_t length) { return written(fd, data, length, 0, 1); }
ssize_t pwrite(int fd, const void *data, size_t length, off_t offset) {
    return written(fd, data, length, offset, 0);
}
ssize_t pwrite64(int fd, const void *data, size_t length, off_t offset) {
    return written(fd, data, length, offset, 0);
}

int ftruncate(int fd, off_t length) {
    char path[PATH_MAX];
    int watched = under_fd(fd, path);
    if (watched && fails()) return -1;
    int failed = syscall(SYS_ftruncate, fd, length);
    if (watched && !failed) note('t', inode_of(fd), length, path, "", 0);
    return failed;
}
int ftruncate64(int fd, off_t length) { return ftruncate(fd, length); }

/* Nobody cuts the real power: what is synced is noted, and the disk not waited for. */
static int synced(int fd) {
    char path[PATH_MAX];
    int watched = under_fd(fd, path);
    if (watched && fails()) return -1;
    if (watched) note('s', inode_of(fd), 0, path, "", 0);
    return 0;
}
int fsync(int fd) { return synced(fd); }
int fdatasync(int fd) { return synced(fd); }

int unlink(const char *path) {
    int failed = syscall(SYS_unlinkat, AT_FDCWD, path, 0);
    if (!failed && under(path)) note('u', 0, 0, path, "", 0);
    return failed;
}

int rename(const char *from, const char *to) {
    int watched = under(from) || under(to);
    if (watched && fails()) return -1;
    int failed = syscall(SYS_renameat2, AT_FDCWD, from, AT_FDCWD, to, 0);
    if (watched && !failed) note('r', 0, 0, from, to, strlen(to));
    return failed;
}

int link(const char *from, const char *to) {
    int watched = under(to);
    if (watched && fails()) return -1;
    int failed = syscall(SYS_linkat, AT_FDCWD, from, AT_FDCWD, to, 0);
    if (watched && !failed) note('l', 0, 0, from, to, strlen(to));
    return failed;
}

int mkdir(const char *path, mode_t mode) {
    int watched = under(path);
    if (watched && fails()) return -1;
    int failed = syscall(SYS_mkdirat, AT_FDCWD, path, mode);
    if (watched && !failed) note('d', 0, 0, path, "", 0);
    return failed;
}
