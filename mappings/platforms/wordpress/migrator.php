<?php
/**
 * Plugin Name: migrator
 * Description: Lets migrator write and read legacy keys over the REST API. Copy it to wp-content/mu-plugins/.
 * Version: 2
 *
 * Without it WordPress neither shows nor filters by the legacy key. All of it needs a user who may edit others' posts;
 * readers of the site see one thing only: /r/<source>/<entity>/<id> leads to what has that legacy key now.
 */

if ( ! defined( 'ABSPATH' ) ) {
	exit;
}

const MIGRATOR_VERSION = 2;
const MIGRATOR_INDEX   = 1; // the index was made by this version, and has not changed since
const MIGRATOR_KINDS   = array( 'post', 'term', 'user' );
/* What is stored, by name: whether there is one value a record or a list of them. */
const MIGRATOR_META = array(
	'migrator_key'   => true,  // the legacy key, source:entity:id
	'migrator_kept'  => true,  // JSON: what WordPress has no place for, or does not keep as it was sent
	'migrator_stub'  => true,  // "1" while the record is only a placeholder
	'migrator_alias' => false, // legacy keys that were merged into this record
	'legacy_url'     => true,
	'byline'         => true,
	'source_credit'  => true,
	'credit'         => true,
);

function migrator_may() {
	return current_user_can( 'edit_others_posts' );
}

/* WordPress takes who has a wrong password for somebody without one. The two need different help. */
function migrator_gate() {
	if ( is_user_logged_in() ) {
		return migrator_may();
	}
	return empty( $_SERVER['PHP_AUTH_USER'] )
		? new WP_Error( 'migrator_no_password', 'No name and password arrived.', array( 'status' => 401 ) )
		: new WP_Error( 'migrator_wrong_password', 'Name or application password are wrong.', array( 'status' => 401 ) );
}

/* Nobody but an editor sees these values: kept ones may be personal. */
add_action( 'init', function () {
	foreach ( MIGRATOR_KINDS as $kind ) {
		foreach ( MIGRATOR_META as $name => $single ) {
			$schema = array( 'type' => 'string', 'context' => array( 'edit' ) );
			register_meta( $kind, $name, array(
				'type'          => 'string',
				'single'        => $single,
				'auth_callback' => 'migrator_may',
				'show_in_rest'  => array( 'schema' => $schema ),
			) );
		}
	}
} );

/* Keys are found by an index: WordPress has none over values, and a million articles would be read for each look-up. */
add_action( 'rest_api_init', function () {
	global $wpdb;
	if ( (int) get_option( 'migrator_index' ) >= MIGRATOR_INDEX ) {
		return;
	}
	foreach ( array( $wpdb->postmeta, $wpdb->termmeta, $wpdb->usermeta ) as $table ) {
		if ( ! $wpdb->get_row( "SHOW INDEX FROM $table WHERE Key_name = 'migrator_value'" ) ) {
			$wpdb->query( "CREATE INDEX migrator_value ON $table (meta_key(20), meta_value(100))" );
		}
	}
	update_option( 'migrator_index', MIGRATOR_INDEX );
} );

/* Collections: ?migrator_key[]=…, ?migrator_alias[]=…, ?migrator_prefix=source:entity:, ?migrator_any=migrator_alias */
function migrator_filter( $args, $request ) {
	$tests = array();
	foreach ( array( 'migrator_key', 'migrator_alias' ) as $name ) {
		if ( $request->has_param( $name ) ) {
			$tests[] = array( 'key' => $name, 'value' => (array) $request[ $name ], 'compare' => 'IN' );
		}
	}
	if ( $request->has_param( 'migrator_prefix' ) ) {
		$tests[] = array( 'key' => 'migrator_key', 'value' => '^' . preg_quote( $request['migrator_prefix'] ), 'compare' => 'REGEXP' );
	}
	if ( $request->has_param( 'migrator_any' ) ) {
		$tests[] = array( 'key' => $request['migrator_any'], 'compare' => 'EXISTS' );
	}
	if ( $tests && migrator_may() ) {
		$args['meta_query'] = $tests;
	}
	return $args;
}
foreach ( array( 'post', 'attachment', 'category', 'post_tag', 'user' ) as $migrator_collection ) {
	add_filter( "rest_{$migrator_collection}_query", 'migrator_filter', 10, 2 );
}

/* Who stands under a key: ids of one kind of record, compared letter by letter. */
function migrator_ids( $kind, $key, $name = 'migrator_key' ) {
	global $wpdb;
	$table  = _get_meta_table( $kind );
	$column = $kind . '_id';
	return array_map( 'intval', $wpdb->get_col( $wpdb->prepare(
		"SELECT $column FROM $table WHERE meta_key = %s AND meta_value = %s AND BINARY meta_value = %s ORDER BY $column",
		$name, $key, $key
	) ) );
}

/* A draft nobody gave a date: WordPress shows the time it was made instead, and dates it when it is published. */
add_action( 'rest_api_init', function () {
	register_rest_field( 'post', 'migrator_dateless', array(
		'get_callback' => function ( $post ) {
			return '0000-00-00 00:00:00' === get_post( $post['id'] )->post_date_gmt;
		},
		'schema'       => array( 'type' => 'boolean', 'context' => array( 'edit' ), 'readonly' => true ),
	) );
} );

/*
 * A record with a legacy key is created once, written whole, and removed whole. The lock makes two calls for one key wait for each other
 * – a repeated call after a time-out may overtake the first –, the transaction makes what a crash leaves behind nothing.
 * MariaDB and MySQL end a transaction by themselves at a deadlock, and WordPress goes on as if nothing had happened: the
 * savepoint, gone with it, tells. Such a call is refused with 503 and can be repeated.
 */
function migrator_written( $request ) {
	$kinds = array( 'posts' => 'post', 'media' => 'post', 'categories' => 'term', 'tags' => 'term', 'users' => 'user' );
	if ( ! preg_match( '#^/wp/v2/(\w+)(?:/(\d+))?$#', $request->get_route(), $parts ) || ! isset( $kinds[ $parts[1] ] ) ) {
		return null;
	}
	$kind = $kinds[ $parts[1] ];
	if ( 'DELETE' === $request->get_method() && ! empty( $parts[2] ) ) {
		$key = (string) get_metadata( $kind, (int) $parts[2], 'migrator_key', true );
	} else {
		$meta = 'POST' === $request->get_method() ? $request['meta'] : null;
		$key  = is_array( $meta ) && isset( $meta['migrator_key'] ) ? (string) $meta['migrator_key'] : '';
	}
	return '' === $key ? null : array( $kind, $key, empty( $parts[2] ) );
}

add_filter( 'rest_request_before_callbacks', function ( $response, $handler, $request ) {
	global $wpdb;
	$written = migrator_written( $request );
	if ( is_wp_error( $response ) || ! $written || ! migrator_may() ) {
		return $response;
	}
	list( $kind, $key, $is_new ) = $written;
	if ( isset( $GLOBALS['migrator_open'] ) ) { // a plugin's own call within ours
		return $response;
	}
	if ( '1' !== (string) $wpdb->get_var( $wpdb->prepare( 'SELECT GET_LOCK(%s, 20)', migrator_lock( $key ) ) ) ) {
		return new WP_Error( 'migrator_busy', 'Another call is writing this record.', array( 'status' => 503 ) );
	}
	$ids = $is_new ? migrator_ids( $kind, $key ) : array();
	if ( $ids ) {
		$wpdb->query( $wpdb->prepare( 'DO RELEASE_LOCK(%s)', migrator_lock( $key ) ) );
		return new WP_Error( 'migrator_key_exists', "A record with this legacy key stands here: $ids[0].", array( 'status' => 409, 'id' => $ids[0] ) );
	}
	$wpdb->query( 'SET TRANSACTION ISOLATION LEVEL READ COMMITTED' );
	$wpdb->query( 'START TRANSACTION' );
	$wpdb->query( 'SAVEPOINT migrator' );
	$GLOBALS['migrator_open']  = array( $request, $written );
	$GLOBALS['migrator_files'] = array();
	return $response;
}, 10, 3 );

add_filter( 'rest_request_after_callbacks', function ( $response, $handler, $request ) {
	global $wpdb;
	$open = isset( $GLOBALS['migrator_open'] ) ? $GLOBALS['migrator_open'] : null;
	if ( ! $open || $open[0] !== $request ) {
		return $response;
	}
	unset( $GLOBALS['migrator_open'] );
	list( $kind, $key, $is_new ) = $open[1];
	$refused    = is_wp_error( $response );
	$was_silent = $wpdb->suppress_errors( true );
	$is_whole   = false !== $wpdb->query( 'RELEASE SAVEPOINT migrator' );
	$wpdb->suppress_errors( $was_silent );
	$wpdb->query( $refused || ! $is_whole ? 'ROLLBACK' : 'COMMIT' );
	if ( $refused || ! $is_whole ) {
		array_map( 'wp_delete_file', $GLOBALS['migrator_files'] );
	}
	if ( ! $is_whole ) {
		if ( $is_new && $response instanceof WP_REST_Response ) {
			migrator_sweep( $kind, (int) $response->get_data()['id'] );
		}
		$response = new WP_Error( 'migrator_deadlock', 'The database broke the call off.', array( 'status' => 503 ) );
	}
	$wpdb->query( $wpdb->prepare( 'DO RELEASE_LOCK(%s)', migrator_lock( $key ) ) );
	return $response;
}, 10, 3 );

/* Files a call makes, smaller copies of a picture included: no transaction takes them back. */
function migrator_file( $path ) {
	if ( isset( $GLOBALS['migrator_open'] ) ) {
		$GLOBALS['migrator_files'][] = $path;
	}
	return $path;
}
add_filter( 'image_make_intermediate_size', 'migrator_file' );
add_filter( 'pre_move_uploaded_file', function ( $moved, $file, $path ) {
	migrator_file( $path ); // on a full disk a part of it is left
	return $moved;
}, 10, 3 );

/* What was written of a new record after the database had given up the beginning. */
function migrator_sweep( $kind, $id ) {
	global $wpdb;
	if ( 'post' === $kind ) {
		$wpdb->delete( $wpdb->term_relationships, array( 'object_id' => $id ) );
		$wpdb->delete( $wpdb->posts, array( 'ID' => $id ) );
	} elseif ( 'term' === $kind ) {
		$wpdb->delete( $wpdb->term_taxonomy, array( 'term_id' => $id ) );
		$wpdb->delete( $wpdb->terms, array( 'term_id' => $id ) );
	} else {
		$wpdb->delete( $wpdb->users, array( 'ID' => $id ) );
	}
	$wpdb->delete( _get_meta_table( $kind ), array( "{$kind}_id" => $id ) );
	wp_cache_flush();
}

function migrator_lock( $key ) {
	return 'migrator ' . md5( DB_NAME . $key );
}

/* The file as it came: no copy that is made smaller stands in its place. */
add_filter( 'big_image_size_threshold', function ( $threshold ) {
	return defined( 'REST_REQUEST' ) && REST_REQUEST && migrator_may() ? false : $threshold;
} );

add_action( 'rest_api_init', function () {
	register_rest_route( 'migrator/v1', '/about', array(
		'permission_callback' => 'migrator_gate',
		'callback'            => function () {
			return array(
				'version'          => MIGRATOR_VERSION,
				'meta'             => array_keys( MIGRATOR_META ),
				'default_category' => (int) get_option( 'default_category' ),
				'user'             => get_current_user_id(),
				'capabilities'     => array_keys( array_filter( wp_get_current_user()->allcaps ) ),
				'largest_file'     => wp_max_upload_size(),
				'wordpress'        => get_bloginfo( 'version' ),
				'is_network'       => is_multisite(),
				'zone'             => wp_timezone_string(),
				'offset_minutes'   => (int) ( wp_timezone()->getOffset( new DateTime() ) / 60 ),
				'now'              => time(),
				'uploads'          => migrator_uploads(),
			);
		},
	) );
	register_rest_route( 'migrator/v1', '/pointers', array(
		'permission_callback' => 'migrator_may',
		'callback'            => function ( $request ) {
			$places = $keys = array();
			foreach ( (array) $request['records'] as $record ) {
				$key            = (string) $record['key'];
				$places[ $key ] = migrator_places( (string) $request['collection'], (int) $record['id'] );
				if ( ! $places[ $key ] ) {
					$keys[] = $key;
				}
			}
			return array( 'pointers' => (object) array_filter( array_merge( $places, migrator_keepers( $keys ) ) ) );
		},
	) );
} );

/* Where files go: why they cannot be written there, if so, and how many bytes are free – null where PHP may not tell. */
function migrator_uploads() {
	$folder = wp_upload_dir( null, true, true );
	$why    = (string) $folder['error'];
	if ( '' === $why && ! wp_is_writable( $folder['path'] ) ) {
		$why = "$folder[path] cannot be written";
	}
	$free = array();
	foreach ( function_exists( 'disk_free_space' ) ? array( $folder['basedir'], get_temp_dir() ) : array() as $place ) {
		$free[] = @disk_free_space( $place );
	}
	return array( 'error' => $why, 'free' => $free && ! in_array( false, $free, true ) ? (int) min( $free ) : null );
}

/* What points to a record by its id, in places of WordPress' own: five at most. */
function migrator_places( $collection, $id ) {
	global $wpdb;
	$found = array();
	if ( in_array( $collection, array( 'wp/v2/categories', 'wp/v2/tags' ), true ) ) {
		$taxonomy = 'wp/v2/tags' === $collection ? 'post_tag' : 'category';
		foreach ( array_slice( (array) get_objects_in_term( $id, $taxonomy ), 0, 5 ) as $post ) {
			$found[] = "post $post";
		}
		foreach ( get_terms( array( 'taxonomy' => $taxonomy, 'parent' => $id, 'hide_empty' => false, 'fields' => 'ids', 'number' => 5 ) ) as $term ) {
			$found[] = "term $term";
		}
	}
	$posts = array(
		'wp/v2/media' => "SELECT post_id FROM $wpdb->postmeta WHERE meta_key = '_thumbnail_id' AND meta_value = %s LIMIT 5",
		'wp/v2/users' => "SELECT ID FROM $wpdb->posts WHERE post_author = %d AND post_status <> 'auto-draft' AND post_type <> 'revision' LIMIT 5",
	);
	if ( isset( $posts[ $collection ] ) ) {
		foreach ( $wpdb->get_col( $wpdb->prepare( $posts[ $collection ], $id ) ) as $post ) {
			$found[] = "post $post";
		}
	}
	return array_slice( $found, 0, 5 );
}

/* Which records keep one of these keys beside them, as a reference: some of them, by key. Each reading finds one key at least. */
function migrator_keepers( $keys ) {
	global $wpdb;
	$found = array();
	foreach ( MIGRATOR_KINDS as $kind ) {
		$table  = _get_meta_table( $kind );
		$column = $kind . '_id';
		$sought = array();
		foreach ( array_diff( $keys, array_keys( $found ) ) as $key ) {
			$sought[ $key ] = wp_json_encode( $key, JSON_UNESCAPED_UNICODE | JSON_UNESCAPED_SLASHES );
		}
		while ( $sought ) {
			$pattern = implode( '|', array_map( 'preg_quote', $sought ) );
			$rows    = $wpdb->get_results( $wpdb->prepare(
				"SELECT k.meta_value AS keeper, t.meta_value AS kept FROM $table t
				JOIN $table k ON k.$column = t.$column AND k.meta_key = 'migrator_key'
				WHERE t.meta_key = 'migrator_kept' AND CONVERT(t.meta_value USING utf8mb4) COLLATE utf8mb4_bin REGEXP %s LIMIT 100",
				$pattern
			) );
			$known   = count( $found );
			foreach ( $rows as $row ) {
				foreach ( $sought as $key => $text ) {
					if ( false !== strpos( $row->kept, $text ) ) {
						$found[ $key ][] = $row->keeper;
					}
				}
			}
			if ( count( $found ) === $known ) {
				break;
			}
			$sought = array_diff_key( $sought, $found );
		}
	}
	return array_map( function ( $keepers ) {
		return array_slice( $keepers, 0, 5 );
	}, $found );
}

/* Links in bodies are written /r/<source>/<entity>/<id>, so that no body waits for another article. */
add_action( 'parse_request', function ( $wp ) {
	$path = rawurldecode( (string) wp_parse_url( $_SERVER['REQUEST_URI'], PHP_URL_PATH ) );
	$home = rtrim( (string) wp_parse_url( home_url(), PHP_URL_PATH ), '/' );
	if ( ! preg_match( '#^' . preg_quote( $home, '#' ) . '/r/([^/]+)/([^/]+)/(.+)$#u', $path, $parts ) ) {
		return;
	}
	$to = migrator_address( "$parts[1]:$parts[2]:$parts[3]" );
	if ( $to ) {
		wp_safe_redirect( $to, 301, 'migrator' );
	} else {
		status_header( 404 );
		nocache_headers();
	}
	exit;
} );

function migrator_address( $key ) {
	foreach ( array( 'migrator_key', 'migrator_alias' ) as $name ) {
		foreach ( migrator_ids( 'post', $key, $name ) as $id ) {
			if ( 'attachment' === get_post_type( $id ) ) {
				return wp_get_attachment_url( $id );
			}
			if ( 'publish' === get_post_status( $id ) ) {
				return get_permalink( $id );
			}
		}
		foreach ( migrator_ids( 'term', $key, $name ) as $id ) {
			$link = get_term_link( $id );
			return is_wp_error( $link ) ? '' : $link;
		}
		foreach ( migrator_ids( 'user', $key, $name ) as $id ) {
			return get_author_posts_url( $id );
		}
	}
	return '';
}
