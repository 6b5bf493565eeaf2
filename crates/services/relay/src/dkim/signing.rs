//! One key that signs.

use super::keys::secret_row;
use aws_lc_rs::digest::{SHA256, digest};
use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::signature::{Ed25519KeyPair, RSA_PKCS1_SHA256, RsaKeyPair};
use mail_auth::crypto::{Algorithm, CryptoError, Sha256, SigningKey};
use mail_auth::dkim::DkimSigner;
use mail_auth::headers::{HeaderWriter, Writable, Writer};
use postroom_directory::SealingKey;
use postroom_store::dkim_keys::DkimKey;
use std::sync::Arc;

/// What is signed, where it is there or not: so that nothing of it can be added later (RFC 6376 section 5.4).
const FIELDS: [&str; 17] = [
    "From",
    "To",
    "Cc",
    "Subject",
    "Date",
    "Message-ID",
    "In-Reply-To",
    "References",
    "Reply-To",
    "Sender",
    "MIME-Version",
    "Content-Type",
    "Content-Transfer-Encoding",
    "List-Unsubscribe",
    "List-Unsubscribe-Post",
    "List-Id",
    "From",
];

pub(super) struct Signer {
    pub(super) selector: String,
    key: Key,
}

/// A private key; the arithmetic is aws-lc's.
#[derive(Clone)]
enum Key {
    Rsa(Arc<RsaKeyPair>),
    Ed25519(Arc<Ed25519KeyPair>),
}

impl Signer {
    /// None: the key does not open; the log says so.
    pub(super) fn open(key: &DkimKey, sealing: &SealingKey) -> Option<Self> {
        let broken = |why: &str| tracing::error!(selector = key.selector, why, "a DKIM key cannot be used");
        let der = match sealing.open(&secret_row(&key.selector), &key.private_key) {
            Ok(der) => der,
            Err(error) => {
                broken(&error.to_string());
                return None;
            }
        };
        let opened = match key.algorithm.as_str() {
            "rsa" => RsaKeyPair::from_pkcs8(&der).map(|pair| Key::Rsa(Arc::new(pair))),
            _ => Ed25519KeyPair::from_pkcs8(&der).map(|pair| Key::Ed25519(Arc::new(pair))),
        };
        match opened {
            Ok(opened) => Some(Self { selector: key.selector.clone(), key: opened }),
            Err(error) => {
                broken(&error.to_string());
                None
            }
        }
    }

    /// The signature field with its line end.
    pub(super) fn sign(&self, domain: &str, message: &[u8]) -> Result<String, mail_auth::Error> {
        let signer = DkimSigner::from_key(self.key.clone()).domain(domain).selector(&self.selector).headers(FIELDS);
        Ok(signer.sign(message)?.to_header())
    }
}

/// Gathers what is to be signed.
#[derive(Default)]
struct Gathered(Vec<u8>);

impl Writer for Gathered {
    fn write(&mut self, piece: &[u8]) {
        self.0.extend_from_slice(piece);
    }
}

impl SigningKey for Key {
    type Hasher = Sha256;

    fn sign(&self, input: impl Writable) -> mail_auth::Result<Vec<u8>> {
        let mut gathered = Gathered::default();
        input.write(&mut gathered);
        match self {
            Self::Rsa(pair) => {
                let mut signature = vec![0; pair.public_modulus_len()];
                let failed = |_| mail_auth::Error::Crypto(CryptoError::Library("RSA signing failed".to_owned()));
                pair.sign(&RSA_PKCS1_SHA256, &SystemRandom::new(), &gathered.0, &mut signature).map_err(failed)?;
                Ok(signature)
            }
            // RFC 8463 section 3: the hash is what is signed.
            Self::Ed25519(pair) => Ok(pair.sign(digest(&SHA256, &gathered.0).as_ref()).as_ref().to_vec()),
        }
    }

    fn algorithm(&self) -> Algorithm {
        match self {
            Self::Rsa(_) => Algorithm::RsaSha256,
            Self::Ed25519(_) => Algorithm::Ed25519Sha256,
        }
    }
}
