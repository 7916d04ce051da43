# install-and-train.sh FOLDER: installs the one tarball in a folder, as users do and with no script run, and trains by the command line.
set -e
tarball=$(ls "$(cd "$1" && pwd)"/cnnative-*.tgz)
project=$(mktemp -d)
cd "$project"
npm init -y >/dev/null
npm install --ignore-scripts --no-audit --no-fund "$tarball"
npx --no-install cnnative info
npx --no-install cnnative train --dataset digits --model lenet5 --epochs 1
cd /
rm -rf "$project"
