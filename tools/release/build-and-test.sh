# Runs the suite on this platform and leaves its binary in prebuilds/, which packing takes out of build/.
set -e
npm ci
npm run test:unit
npm run prebuildify
