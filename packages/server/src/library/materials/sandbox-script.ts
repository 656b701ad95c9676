/**
 * Defines the script that closes a sandbox around a program, with the programs of util-linux only. It runs as the first process of new mount,
 * process, network, IPC and host-name namespaces, as root of them.
 */

/** Settings of the system that programs need to start and to find fonts; nothing else of /etc is there. */
export const SETTINGS = [
  "fonts",
  "ld.so.cache",
  "ld.so.conf",
  "ld.so.conf.d",
  "alternatives",
  "libreoffice",
  "localtime",
  "papersize",
];

/**
 * Arguments: a folder for the new root, the job's folder, the user (0: that of the namespace), further folders with programs separated by `:`, the
 * limits for prlimit separated by spaces, then the program and its arguments. The script stays the first process, so that everything in the sandbox
 * ends with it.
 */
export const SANDBOX_SCRIPT = `set -e
umask 022
root=$1 job=$2 user=$3 programs=$4 limits=$5
shift 5
bind() { mkdir -p "$2"; mount --bind "$1" "$2"; mount -o remount,bind,ro,nosuid,nodev "$2"; }
mount -t tmpfs -o size=4m,mode=755 none "$root"
cd "$root"
mkdir etc proc dev job old tmp
bind /usr usr
for folder in bin sbin lib lib32 lib64 libx32; do
  if [ -L "/$folder" ]; then cp -P "/$folder" "$folder"; elif [ -d "/$folder" ]; then bind "/$folder" "$folder"; fi
done
for setting in ${SETTINGS.join(" ")}; do
  if [ -d "/etc/$setting" ]; then bind "/etc/$setting" "etc/$setting"; elif [ -e "/etc/$setting" ]; then cp "/etc/$setting" "etc/$setting"; fi
done
if [ -d /var/cache/fontconfig ]; then bind /var/cache/fontconfig var/cache/fontconfig; fi
IFS=:
for folder in $programs; do bind "$folder" ".$folder"; done
unset IFS
for device in null zero urandom random; do : >"dev/$device"; mount --bind "/dev/$device" "dev/$device"; done
mount -t proc -o nosuid,nodev,noexec none proc
mount --bind "$job" job
mount -o remount,bind,nosuid,nodev,noexec job
mount --bind job/tmp tmp
pivot_root . old
cd /job
umount -l /old
if [ "$user" = 0 ]; then who="--securebits=+noroot,+noroot_locked"; else who="--reuid=$user --regid=$user --clear-groups"; fi
set +e
env -i PATH="$PATH" HOME=/job/home TMPDIR=/job/tmp LANG=C.UTF-8 SAL_USE_VCLPLUGIN=svp MALLOC_ARENA_MAX=2 \\
  prlimit $limits setpriv $who --no-new-privs --bounding-set=-all --inh-caps=-all "$@"
exit $?
`;
