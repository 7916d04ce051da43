# Sourced in an AlmaLinux 8 image (glibc 2.28): Node, cmake and a compiler that knows every instruction set.
set -e
dnf -y -q module enable nodejs:22
dnf -y -q install nodejs npm cmake make python3 git gcc-toolset-12-gcc-c++ libgomp
. /opt/rh/gcc-toolset-12/enable
