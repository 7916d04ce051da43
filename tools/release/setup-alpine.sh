# Sourced in an Alpine image with Node (musl): cmake, a compiler and its OpenMP runtime.
set -e
apk add --no-cache cmake make g++ python3 git libgomp
