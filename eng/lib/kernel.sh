# shellcheck shell=bash
# A kernel from the archive, unpacked in the cache with its modules indexed and an initramfs beside it.
# Needs common.sh, packages.sh and archive.sh.

# Loaded before the machine's root is there. Everything else comes by modprobe from the unpacked package.
INITRAMFS_MODULES=(virtio_pci 9pnet_virtio 9p virtio_console veth)

kernel_names() { awk '!/^#/ && NF { print $1 }' "$REPO/eng/kernels.txt"; }

# kernel_folder NAME: prints the folder with vmlinux, initramfs, release and root/lib/modules; makes it when absent.
kernel_folder() {
  local name=$1 link="$CACHE/kernels/$1"
  kernel_names | grep -qxF "$name" || die "no kernel '$name' in eng/kernels.txt." "Known: $(kernel_names | paste -sd' ')"
  [[ -e $link/ready ]] || with_lock "kernel-$name" kernel_prepare "$name" "$link" >&2
  kernel_initramfs "$link" >&2
  printf '%s\n' "$link"
}

kernel_prepare() {
  local name=$1 folder=$2 suites pattern
  [[ -e $folder/ready ]] && return 0
  read -r suites pattern < <(awk -v n="$name" '!/^#/ && $1 == n { print $2, $3 }' "$REPO/eng/kernels.txt")
  need_packages "${PACKAGES_VM[@]}"
  step "preparing kernel $name (once)"

  local suite package best='' best_suite=''
  for suite in ${suites//,/ }; do
    package=$(with_lock archive archive_names "$suite" "$pattern" | tail -n 1)
    [[ -n $package ]] || continue
    if [[ $(printf '%s\n' "$best" "$package" | sort -V | tail -n 1) == "$package" ]]; then best=$package best_suite=$suite; fi
  done
  [[ -n $best ]] || die "no package matches '$pattern' in $suites." "Run eng/archive.sh refresh, or mend eng/kernels.txt."

  # From 6.19 on the image package is empty and its parts are packages of their own.
  local packages=("$best") part
  while read -r part; do packages+=("$part"); done < <(with_lock archive archive_depends "$best_suite" "$best" |
    grep -E '^linux-(binary|modules)-' | sort -u)

  rm -rf "$folder"
  mkdir -p "$folder"
  with_lock archive archive_unpack "$best_suite" "$folder/root" "${packages[@]}"
  # Newer packages have /usr/lib only; kmod looks in /lib.
  [[ -e $folder/root/lib ]] || ln -s usr/lib "$folder/root/lib"
  local release
  release=$(basename "$(echo "$folder"/root/lib/modules/*)")
  local image
  image=$(find "$folder/root" -name "vmlinuz*" -type f | head -n 1)
  [[ -n $image ]] || die "no kernel image in ${packages[*]}."
  kernel_extract "$image" "$folder/vmlinux" || ln -s "${image#"$folder/"}" "$folder/vmlinux"
  # Four fifths of the modules drive hardware that a VM does not have.
  local modules="$folder/root/lib/modules/$release/kernel"
  find "$modules/drivers" -mindepth 1 -maxdepth 1 ! -name net ! -name virtio ! -name char ! -name block -exec rm -rf {} +
  rm -rf "$modules/sound" "$modules"/drivers/net/{ethernet,wireless,usb,can,wan,phy,hamradio,fddi}
  # Warnings only: packages differ in which of the builtin lists they carry.
  /sbin/depmod -b "$folder/root" "$release" 2>/dev/null
  printf '%s\n' "$release" >"$folder/release"
  touch "$folder/ready"
}

# kernel_extract BZIMAGE ELF: the uncompressed kernel, which the emulator starts directly (PVH); decompressing it
# under emulation takes 1 to 5 s of every boot. Offsets are the Linux boot protocol's setup header.
kernel_extract() {
  local image=$1 elf=$2 sectors offset size
  local -a unpack
  field() { od -An "-tu$3" -j "$2" -N "$3" "$1" | tr -d ' '; }
  sectors=$(field "$image" 497 1)
  offset=$(((sectors + 1) * 512 + $(field "$image" 584 4)))
  size=$(field "$image" 588 4)
  # The last four bytes are the unpacked size, not part of the stream.
  tail -c "+$((offset + 1))" "$image" | head -c "$((size - 4))" >"$elf.packed" || true
  case $(head -c 4 "$elf.packed" | od -An -tx1 | tr -d ' ') in
    fd377a58) unpack=(xz --single-stream -dc) ;;
    28b52ffd) unpack=(zstd -qdc) ;;
    1f8b*) unpack=(gzip -dc) ;;
    *) rm -f "$elf.packed"; return 1 ;;
  esac
  if "${unpack[@]}" <"$elf.packed" >"$elf.new" && [[ $(head -c 4 "$elf.new") == $'\x7fELF' ]]; then
    mv "$elf.new" "$elf"
    rm -f "$elf.packed"
  else
    rm -f "$elf.new" "$elf.packed"
    return 1
  fi
}

# Built again when its script or its list of modules changed.
kernel_initramfs() {
  local folder=$1 stamp
  stamp=$(cat "$REPO/eng/vm/initramfs-init" <(echo "${INITRAMFS_MODULES[*]}") | sha256sum | cut -c1-16)
  [[ -s $folder/initramfs.$stamp ]] || with_lock "initramfs" kernel_build_initramfs "$folder" "$stamp"
  ln -sfn "initramfs.$stamp" "$folder/initramfs"
}

kernel_build_initramfs() {
  local folder=$1 stamp=$2 release work module file plain
  [[ -s $folder/initramfs.$stamp ]] && return 0
  release=$(<"$folder/release")
  rm -f "$folder"/initramfs.*
  work=$(mktemp -d "$folder/initramfs-work.XXXXXX")
  mkdir -p "$work"/{bin,dev,proc,sys,root,modules}
  cp "$(command -v busybox)" "$work/bin/busybox"
  cp "$REPO/eng/vm/initramfs-init" "$work/init"
  chmod 755 "$work/init"
  # --show-depends prints dependencies first. A driver it does not find is built into the kernel: some packages
  # lack the list that says so, and a VM without its drivers says what it could not mount.
  for module in "${INITRAMFS_MODULES[@]}"; do
    /sbin/modprobe -d "$folder/root" -S "$release" --show-depends "$module" 2>/dev/null | sed -n 's/^insmod \([^ ]*\).*/\1/p' || true
  done | awk '!seen[$0]++' | while read -r file; do
    plain=$(basename "$file")
    case $file in
      *.xz) plain=${plain%.xz}; xz -dc "$file" >"$work/modules/$plain" ;;
      *.zst) plain=${plain%.zst}; zstd -qdc "$file" >"$work/modules/$plain" ;;
      *) cp "$file" "$work/modules/$plain" ;;
    esac
    echo "$plain" >>"$work/modules/order"
  done
  ( cd "$work" && find . | busybox cpio -o -H newc 2>/dev/null ) >"$folder/initramfs.new"
  rm -rf "$work"
  mv "$folder/initramfs.new" "$folder/initramfs.$stamp"
}
